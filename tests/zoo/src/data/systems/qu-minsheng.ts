// qu-minsheng: a feed of changes by number without gaps, one for each table; a number that is missing means lost data.
// Sign-in with the MD5 of the password, a signed token for one hour.
import { createHash, randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { asKey, code, day, key, moment, text, whole, yes } from '../columns.ts';
import { kPlainWire, written } from '../http.ts';
import type { Ledger, Logged } from '../ledger.ts';
import { Refusal, RestData } from '../rest.ts';
import type { Reach } from '../source.ts';
import { Tokens } from '../tokens.ts';
import { address, bureau, community, creditCode, firm, idNumber, matter, oneOf, person, prose, serial } from '../values.ts';

const kStates = { '1': '待审', '2': '通过', '3': '退回', '4': '办结' };
const kLiving = { '1': '与子女同住', '2': '独居', '3': '空巢' };
const kDisability = { '0': '能力完好', '1': '轻度', '2': '中度', '3': '重度' };
const kTokenMs = 3_600_000;
const kUser = 'ms_exchange';
const kMaxSize = 500;

export class QuMinsheng extends RestData {
  private readonly password = randomBytes(12).toString('base64url');
  private readonly tokens = new Tokens(kTokenMs, () => this.now());
  /** Numbers that the feed leaves out, and how often it still does. */
  private readonly hidden = new Map<number, number>();

  constructor() {
    super('qu-minsheng');
    const elder = [
      key('eid', serial('E', 8)),
      whole('age', 60, 99),
      code('living', kLiving),
      code('disability', kDisability),
      text('service', oneOf(['助餐', '助浴', '助医', '日间照料'])),
      day('last_service', undefined, 2),
    ];
    this.table('elder', 400, elder, 'ZS-MS-010');
    this.table('home', 60, [key('org_code', creditCode), text('name', firm), text('addr', address), whole('beds', 10, 300)], 'ZS-MS-011');
    this.table('alone', 150, [key('eid', serial('E', 8)), code('living', kLiving), code('disability', kDisability), text('helper', person)], 'ZS-MS-012');
    this.table('service', 300, [key('eid', serial('E', 8)), asKey(day('date')), text('service', oneOf(['助餐', '助浴', '助医'])), whole('minutes', 20, 120)], 'ZS-MS-013');
    const apply = [
      key('id', serial('', 9)),
      text('item', matter),
      text('applicant', person),
      text('id_no', idNumber),
      text('community', community),
      yes('agent'),
      code('state', kStates),
      moment('submit_at'),
      moment('done_at', undefined, 4),
    ];
    this.table('apply', 500, apply, 'ZS-MS-014');
    this.table('agent', 120, [key('id', serial('D', 8)), text('item', matter), text('person', person), text('community', community), moment('done_at')], 'ZS-MS-015');
    this.table('talk', 200, [key('id', serial('Z', 8)), text('question', prose), text('answer', prose), text('dept', bureau), moment('asked_at')], 'ZS-SQ-025');
  }

  /** hide {seq, times}: without times until the feed is reset. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what === 'drop-tokens') return this.tokens.drop();
    if (what === 'show') return this.hidden.clear();
    if (what !== 'hide') return super.act(what, body);
    this.hidden.set(Number(body['seq']), Number(body['times'] ?? Infinity));
    return { ok: true };
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.hidden.clear();
  }

  protected override build(): void {
    this.api('post', '/ms/login', (x) => this.login(x));
    this.api('get', '/ms/api/changes', (x) => this.feed(x));
  }

  protected override access(): Reach {
    const env = this.envName('password');
    const auth = {
      kind: 'token',
      user: kUser,
      password: `env:${env}`,
      request: { path: '/ms/login', body: '{{"acct":"{user|json}","pwd":"{password|md5}","sms":null}}' },
      token: '/data/token',
      errors: { at: '/code', good: ['200'] },
    };
    const errors = { at: '/code', good: ['200'], message: '/msg', kinds: { '401': 'unauthenticated' } };
    return { source: { auth, headers: { Authorization: 'Bearer {token}' }, errors }, env: { [env]: this.password } };
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ code: Number(refusal.code) || 500, msg: refusal.message });
  }

  private login(x: Exchange): void {
    const { acct, pwd } = x.json();
    if (acct !== kUser || pwd !== createHash('md5').update(this.password).digest('hex')) throw new Refusal('500', '账号或密码错误');
    x.sendJson({ code: 200, data: { token: this.tokens.give() } });
  }

  private feed(x: Exchange): void {
    const bearer = /^Bearer (\w+)$/.exec(x.header('authorization'))?.[1] ?? '';
    if (!this.tokens.good(bearer)) throw new Refusal('401', '请先登录');
    const table = this.tables.get(x.query().get('table'));
    if (!table) throw new Refusal('500', '没有这个表');
    const after = this.whole(x, 'after', 0, Number.MAX_SAFE_INTEGER);
    const size = this.whole(x, 'size', 1, kMaxSize);
    const list = table.log.slice(after, after + size).filter((entry) => !this.isHidden(entry.seq));
    x.sendJson({ code: 200, data: { list: list.map((entry) => this.write(table, entry)) } });
  }

  private isHidden(seq: number): boolean {
    const times = this.hidden.get(seq) ?? 0;
    if (times > 0) this.hidden.set(seq, times - 1);
    return times > 0;
  }

  private write(table: Ledger, entry: Logged): Record<string, unknown> {
    const values = table.columns.map((c) => [c.wire, written(c, entry.cells[c.name] ?? null, kPlainWire)] as const);
    return { seq: entry.seq, op: entry.op, ...Object.fromEntries(values) };
  }
}
