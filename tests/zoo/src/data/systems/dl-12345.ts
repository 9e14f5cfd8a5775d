// dl-12345: REST pages from 1. A page size above 200 is cut to 200 in silence, times have no zone, a void order is a status.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { asKey, changed, code, key, moment, text, whole, yes } from '../columns.ts';
import type { Column, Make } from '../columns.ts';
import { kPlainWire } from '../http.ts';
import type { Row } from '../ledger.ts';
import { PagedRest } from '../paged.ts';
import type { Page } from '../paged.ts';
import { Refusal } from '../rest.ts';
import type { Reach } from '../source.ts';
import { address, bureau, latitude, longitude, matter, person, phone, prose, serial, street } from '../values.ts';

const kChannels = { '01': '电话', '02': '网站', '03': '微信', '04': 'APP', '05': '领导信箱', '06': '省转', '07': '国转' };
const kTypes = { '1': '咨询', '2': '求助', '3': '投诉', '4': '举报', '5': '建议', '6': '感谢', '9': '其他' };
const kVisits = { '1': '满意', '2': '基本满意', '3': '不满意', '4': '未评价', '5': '无法联系' };
const kStates = {
  '10': '待受理',
  '20': '已派单',
  '30': '已签收',
  '40': '办理中',
  '45': '申请延期',
  '50': '退单审核',
  '60': '已办结待回访',
  '70': '不满意重办',
  '90': '已归档',
};
const kReturns = { '1': '退单', '2': '延期' };
const kTourism = '030700';
/** The number decides the class: an order never changes it. */
const category: Make = (_, n) => (n % 20 === 0 ? kTourism : `01${String(n % 9).padStart(2, '0')}00`);
const orderNo = serial('DL20260601', 8);

function decimalText(name: string, make: Make): Column {
  return { ...text(name, make), kind: 'decimal' };
}

const kOrder: Column[] = [
  key('order_no', orderNo),
  moment('call_time'),
  code('channel', kChannels),
  text('caller', person),
  text('phone', phone),
  yes('secret'),
  code('type', kTypes),
  text('cat', category),
  text('title', matter),
  text('content', prose),
  text('addr', address),
  text('town', street),
  decimalText('lng', longitude),
  decimalText('lat', latitude),
  text('dept', bureau),
  moment('accept_time'),
  moment('due_time'),
  text('reply', prose),
  moment('reply_time', undefined, 4),
  code('visit_result', kVisits),
  whole('return_cnt', 0, 3),
  code('status', kStates),
  changed('update_time'),
];

export class Dl12345 extends PagedRest {
  private readonly token = randomBytes(24).toString('base64url');

  constructor() {
    const wire = { ...kPlainWire, yes: (value: boolean) => (value ? 'Y' : 'N') };
    super('dl-12345', {
      wire,
      page: 'pageNum',
      first: 1,
      size: 'pageSize',
      maxSize: 200,
      cutsSize: true,
      since: 'beginTime',
      until: 'endTime',
      gone: { name: 'status', yes: '99' },
    });
    const orders = this.table('order', 4000, kOrder, 'ZS-SQ-001');
    this.view('ZS-SQ-002', orders, ['order_no', 'visit_result', 'reply_time', 'update_time']);
    const complaint = ['order_no', 'call_time', 'caller', 'phone', 'title', 'content', 'dept', 'status', 'update_time'];
    this.view('ZS-WL-017', orders, complaint, (row) => row.cells['cat'] === kTourism);
    const again = [key('repeat_of', orderNo), key('order_no', (r, n) => orderNo(r, n + 5000)), changed('update_time')];
    this.table('repeat', 300, [...again, code('status', kStates)], 'ZS-SQ-003');
    this.table(
      'return',
      200,
      [
        key('order_no', orderNo),
        asKey(whole('seq', 1, 3)),
        code('kind', kReturns),
        text('reason', prose),
        text('dept', bureau),
        code('status', kStates),
        changed('update_time'),
      ],
      'ZS-SQ-004',
    );
    this.table(
      'kb',
      150,
      [key('kb_id', serial('KB', 6)), text('title', matter), text('answer', prose), text('dept', bureau), code('status', kStates), changed('update_time')],
      'ZS-SQ-005',
    );
  }

  protected override build(): void {
    for (const [name, table] of this.tables) this.api('get', `/hot/api/${name}/list`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('token');
    return {
      source: {
        auth: { kind: 'bearer', token: `env:${env}` },
        errors: { at: '/code', good: ['200'], message: '/msg', kinds: { '401': 'unauthenticated' } },
      },
      env: { [env]: this.token },
    };
  }

  protected override enter(x: Exchange): void {
    if (x.header('authorization') !== `Bearer ${this.token}`) throw new Refusal('401', '令牌无效');
  }

  /** Errors come with status 200. */
  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ code: refusal.code === '401' ? 401 : 500, msg: refusal.message, data: null });
  }

  protected override matches(x: Exchange, row: Row): boolean {
    const wanted = x.query().get('cat');
    return wanted === '' || row.cells['cat'] === wanted;
  }

  protected override answer(x: Exchange, page: Page): void {
    x.sendJson({ code: 200, msg: 'ok', data: { total: page.total, pageNum: page.page, list: page.rows } });
  }
}
