// ln-coldchain: a page past the end is the last page again and nobody says how many there are; warnings are given again every
// 30 s until somebody handles them; a token in a header of its own, refusals with status 200.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { asKey, changed, code, day, decimal, key, moment, text, whole, yes } from '../columns.ts';
import type { Column } from '../columns.ts';
import { kPlainWire } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { PagedRest } from '../paged.ts';
import type { Page } from '../paged.ts';
import { Refusal, slice } from '../rest.ts';
import type { Reach } from '../source.ts';
import { Tokens } from '../tokens.ts';
import { creditCode, firm, oneOf, person, phone, serial, street } from '../values.ts';

const kRisk = { A: '高风险', B: '中风险', C: '低风险' };
const kNucleic = { '0': '未检', '1': '阴性', '2': '阳性' };
const kYesNo = { '0': '否', '1': '是' };
const kWarnings = { '01': '未戴口罩', '02': '未穿防护服', '03': '人员聚集', '04': '温度超限', '05': '未消毒作业', '06': '车辆未登记' };
const kTokenMs = 7_200_000;
const kUser = 'district_reader';

const kCompany: Column[] = [
  key('company_id', creditCode),
  text('name', firm),
  code('class', kRisk, 'riskClass'),
  text('street', street),
  whole('cold_store', 0, 9),
  whole('camera_cnt', 0, 40),
  text('manager', person),
  text('phone', phone),
  changed('gmt_modified'),
];

export class LnColdchain extends PagedRest {
  private readonly password = randomBytes(15).toString('base64');
  private readonly tokens = new Tokens(kTokenMs, () => this.now());

  constructor() {
    super('ln-coldchain', {
      wire: kPlainWire,
      page: 'pageNo',
      first: 1,
      size: 'pageSize',
      maxSize: 50,
      since: 'gmtModified',
      gone: { name: 'isDeleted', yes: 1, no: 0 },
    });
    const companies = this.table('company', 905, kCompany, 'ZS-QY-012');
    this.view('ZS-QY-013', companies, ['company_id', 'class', 'gmt_modified']);
    const ofCompany = text('company_id', creditCode);
    this.table(
      'batch',
      260,
      [
        key('batch_no', serial('JK2026', 8)),
        ofCompany,
        text('goods', oneOf(['冻带鱼', '冻牛肉', '冻虾仁'])),
        text('origin', oneOf(['NOR', 'BRA', 'ECU'])),
        text('port', oneOf(['大窑湾', '北良'])),
        decimal('qty', 1, 400, 3),
        code('nucleic', kNucleic),
        code('disinfect', kYesNo),
        day('entry_date'),
        changed('gmt_modified'),
      ],
      'ZS-QY-014',
    );
    this.table(
      'worker',
      180,
      [key('person_ref', serial('P', 8)), asKey(day('day')), ofCompany, code('result', kNucleic), changed('gmt_modified')],
      'ZS-QY-015',
    );
    this.table(
      'warn',
      120,
      [
        key('warn_id', (_, n) => String(9_007_199_254_740_993n + BigInt(n))),
        ofCompany,
        text('camera_id', serial('2102990008132600', 4)),
        code('kind', kWarnings),
        moment('occur_time'),
        moment('notify_time'),
        moment('fix_time', undefined, 5),
        yes('handled'),
        changed('gmt_modified'),
      ],
      'ZS-QY-016',
    );
    this.table(
      'temperature',
      300,
      [key('store_id', serial('LK', 5)), asKey(moment('time')), decimal('celsius', -28, -12, 1), changed('gmt_modified')],
      'ZS-QY-017',
    );
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'drop-tokens') return super.act(what, body);
    return this.tokens.drop();
  }

  protected override build(): void {
    this.api('post', '/api/login', (x) => this.login(x));
    for (const [name, table] of this.tables) this.api('get', `/api/${name}/list`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('password');
    const auth = {
      kind: 'token',
      user: kUser,
      password: `env:${env}`,
      request: { path: '/api/login', body: '{{"username":"{user|json}","password":"{password|base64}"}}' },
      token: '/data/token',
      errors: { at: '/code', good: ['0'] },
    };
    const errors = { at: '/code', good: ['0'], message: '/msg', kinds: { '4001': 'unauthenticated', '4003': 'denied' } };
    return { source: { auth, headers: { 'X-Access-Token': '{token}' }, errors }, env: { [env]: this.password } };
  }

  protected override enter(x: Exchange): void {
    if (!this.tokens.good(x.header('x-access-token'))) throw new Refusal('4001', 'token无效或已过期');
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ code: Number(refusal.code) || 5000, msg: refusal.message });
  }

  protected override answer(x: Exchange, page: Page): void {
    x.sendJson({ code: 0, msg: '', data: { list: page.rows } });
  }

  /** Beyond the end the last page comes again; a warning that nobody handled is in the list once for every reminder. */
  protected override shown(x: Exchange, table: Ledger): Row[] {
    const rows = super.shown(x, table);
    const all = table.name === 'warn' ? rows.flatMap((row) => (row.cells['handled'] === false ? [row, row, row] : [row])) : rows;
    const size = this.whole(x, 'pageSize', 1, this.dialect.maxSize);
    const last = Math.max(1, Math.ceil(all.length / size));
    const page = this.whole(x, 'pageNo', 1, 1_000_000);
    if (page <= last) return all;
    return [...Array.from({ length: (page - 1) * size }, () => all[0] as Row), ...slice(all, last - 1, size)];
  }

  private login(x: Exchange): void {
    const { username, password } = x.json();
    const sent = Buffer.from(String(password ?? ''), 'base64').toString('utf8');
    if (username !== kUser || sent !== this.password) throw new Refusal('4001', '用户名或密码错误');
    x.sendJson({ code: 0, data: { token: this.tokens.give(), expire: kTokenMs / 1000 } });
  }
}
