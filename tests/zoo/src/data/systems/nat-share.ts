// nat-share: the national exchange gateway: a signature over application and time, errors with status 200, and the data as a
// JSON document in Base64 inside a JSON document.
import { createHmac, randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { asKey, changed, code, day, key, moment, text } from '../columns.ts';
import { kPlainWire } from '../http.ts';
import { PagedRest } from '../paged.ts';
import type { Page } from '../paged.ts';
import { Refusal } from '../rest.ts';
import type { Reach } from '../source.ts';
import { address, creditCode, digits, firm, idNumber, oneOf, person } from '../values.ts';

const kResults = { '01': '一致', '02': '不一致', '03': '库中无此号' };
const kStates = { '1': '存续', '2': '注销', '3': '吊销' };
const kSkewMs = 300_000;
const kApp = 'LN210299';

export class NatShare extends PagedRest {
  private readonly appKey = randomBytes(24).toString('base64url');

  constructor() {
    super('nat-share', { wire: kPlainWire, page: 'pageNum', first: 1, size: 'pageSize', maxSize: 100 });
    const updated = changed('updated_at', 'updateTime');
    const legal = [
      key('uscc', creditCode),
      text('name', firm),
      text('legal_person', person),
      text('address', address),
      code('state', kStates),
      day('founded_on', 'foundedOn'),
      updated,
    ];
    this.table('legal', 450, legal, 'ZS-QY-001');
    this.table('change', 200, [key('uscc', creditCode), asKey(day('change_date')), text('item', oneOf(['住所', '法定代表人', '经营范围'])), text('before', address), text('after', address), updated], 'ZS-QY-002');
    this.table('closed', 120, [key('uscc', creditCode), text('name', firm), code('state', kStates), day('closed_on', 'closedOn'), updated], 'ZS-QY-003');
    this.table('trader', 260, [key('uscc', creditCode), text('name', firm), text('operator', person), text('address', address), updated], 'ZS-QY-004');
    const verified = [key('id_no', idNumber), text('name', person), text('request', digits(32), 'reqId'), code('result', kResults), moment('checked_at')];
    this.table('verified', 200, verified, 'ZS-MS-001');
  }

  protected override build(): void {
    for (const [name, table] of this.tables) this.api('get', `/rest/gateway/${name}`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('appkey');
    const sign = {
      secret: `env:${env}`,
      algorithm: 'sha256',
      encoding: 'base64',
      text: `${kApp}{timestamp_ms}`,
      header: 'gateway_sig',
    };
    const errors = {
      at: '/code',
      good: ['OK'],
      message: '/message',
      kinds: { GATEWAY_AUTH_FAIL: 'unauthenticated', CLOCK_SKEW: 'denied' },
    };
    const headers = { gateway_appid: kApp, gateway_rtime: '{timestamp_ms}' };
    return { source: { sign, errors, headers }, env: { [env]: this.appKey } };
  }

  protected override enter(x: Exchange): void {
    const time = x.header('gateway_rtime');
    const wanted = createHmac('sha256', this.appKey).update(`${kApp}${time}`).digest('base64');
    if (x.header('gateway_appid') !== kApp || x.header('gateway_sig') !== wanted)
      throw new Refusal('GATEWAY_AUTH_FAIL', '签名校验失败');
    if (!/^\d{13}$/.test(time) || Math.abs(this.now() - Number(time)) > kSkewMs)
      throw new Refusal('CLOCK_SKEW', '请求时间与服务器时间相差过大');
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ code: refusal.code, message: refusal.message, data: null });
  }

  protected override answer(x: Exchange, page: Page): void {
    const inner = JSON.stringify({ total: page.total, rows: page.rows });
    x.sendJson({ code: 'OK', message: '', data: Buffer.from(inner, 'utf8').toString('base64') });
  }
}
