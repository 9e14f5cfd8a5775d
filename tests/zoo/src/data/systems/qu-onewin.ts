// qu-onewin: REST pages from 1 with a flag `valid`; what is not valid any more is gone.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { asKey, changed, code, day, decimal, key, moment, text, whole } from '../columns.ts';
import { kPlainWire } from '../http.ts';
import { PagedRest } from '../paged.ts';
import type { Page } from '../paged.ts';
import { Refusal } from '../rest.ts';
import type { Reach } from '../source.ts';
import { bureau, creditCode, firm, idNumber, matter, oneOf, person, prose, serial } from '../values.ts';

const kStates = { '1': '收件', '2': '补正', '3': '受理', '4': '审查', '5': '决定', '6': '制证', '8': '办结', '9': '退件' };
const kDelivery = { '1': '窗口', '2': '邮寄', '3': '电子证照' };
const kRatings = { '5': '非常满意', '4': '满意', '3': '基本满意', '2': '不满意', '1': '非常不满意' };

export class QuOnewin extends PagedRest {
  private readonly password = randomBytes(12).toString('base64url');

  constructor() {
    super('qu-onewin', {
      wire: kPlainWire,
      page: 'page',
      first: 1,
      size: 'size',
      maxSize: 200,
      since: 'updateTime',
      gone: { name: 'valid', yes: 0, no: 1 },
    });
    const time = changed('update_time');
    this.table('policy', 80, [key('policy_id', serial('ZC', 5)), text('title', matter), text('dept', bureau), text('content', prose), day('valid_to', 'validTo', 3), time], 'ZS-QY-022');
    this.table('lenient', 60, [key('task_code', serial('11210299MB', 21)), text('name', matter), text('dept', bureau), text('basis', prose), time], 'ZS-QY-023');
    this.table('opening', 120, [key('uscc', creditCode), text('name', firm), decimal('hours', 1, 24, 1), day('opened_on', 'openedOn'), time], 'ZS-QY-025');
    this.table('helped', 150, [key('record_id', serial('BB', 7)), text('company', firm), text('agent', person), text('matter', matter), moment('done_at'), time], 'ZS-QY-038');
    const apply = [
      key('apply_no', serial('SJ2026', 10)),
      text('task_code', serial('11210299MB', 21)),
      text('applicant', firm),
      text('cert_no', idNumber),
      text('window', oneOf(['A01', 'A02', 'B11'])),
      moment('accept_time'),
      day('promise'),
      code('state', kStates),
      moment('finish_time', undefined, 3),
      code('deliver', kDelivery),
      code('rating', kRatings),
      time,
    ];
    this.table('apply', 1800, apply, 'ZS-MS-046');
    this.table('queue', 200, [key('window', serial('W', 4)), asKey(day('day')), whole('called', 0, 200), whole('wait_minutes', 0, 60), time], 'ZS-MS-047');
  }

  protected override build(): void {
    for (const [name, table] of this.tables) this.api('get', `/yctb/api/${name}/page`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('password');
    return { source: { auth: { kind: 'basic', user: 'hub', password: `env:${env}` } }, env: { [env]: this.password } };
  }

  protected override enter(x: Exchange): void {
    const wanted = `Basic ${Buffer.from(`hub:${this.password}`).toString('base64')}`;
    if (x.header('authorization') !== wanted) throw new Refusal('AUTH_FAILED', 'name or password');
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ message: refusal.message }, { status: refusal.code === 'AUTH_FAILED' ? 401 : 400 });
  }

  protected override answer(x: Exchange, page: Page): void {
    x.sendJson({ content: page.rows, totalElements: page.total, number: page.page });
  }
}
