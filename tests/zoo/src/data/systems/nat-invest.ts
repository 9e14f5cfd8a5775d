// nat-invest: REST pages from 0, the total in a header, newest change first unless `sort` says otherwise. Records that change
// while somebody pages move to the other end and shift all that lie between: the trait of this system.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { asKey, changed, code, day, decimal, key, text } from '../columns.ts';
import { kPlainWire, wireRow } from '../http.ts';
import type { Wire } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { byChange, RestData, slice } from '../rest.ts';
import type { Refusal } from '../rest.ts';
import type { Reach } from '../source.ts';
import { creditCode, firm, oneOf, serial } from '../values.ts';

const kKinds = { '1': '审批', '2': '核准', '3': '备案' };
const kStages = { '01': '立项', '02': '用地规划', '03': '工程许可', '04': '施工许可', '05': '竣工验收' };
const kMaxSize = 200;
const kKeptMs = 90 * 86_400_000;
const kWire: Wire = { ...kPlainWire, yes: (value) => (value ? 1 : 0) };

export class NatInvest extends RestData {
  private readonly apiKey = randomBytes(24).toString('base64url');
  /** How many records still move while somebody pages. */
  private moving = 0;

  constructor() {
    super('nat-invest');
    const columns = [
      key('project_code', serial('2609-210299-04-01-', 6)),
      text('name', firm),
      text('uscc', creditCode),
      code('kind', kKinds),
      decimal('invest', 100, 90_000, 2),
      text('region', oneOf(['210299'])),
      code('stage', kStages),
      changed('updated_at', 'updateTime'),
    ];
    this.table('projects', 500, columns, 'ZS-JJ-005');
    this.table(
      'stages',
      300,
      [
        key('project_code', serial('2609-210299-04-01-', 6)),
        asKey(code('stage', kStages)),
        text('approver', oneOf(['区发展和改革局', '区自然资源局', '区住房和城乡建设局'])),
        day('approved_on', 'approvedOn', 2),
        changed('updated_at', 'updateTime'),
      ],
      'ZS-JJ-006',
    );
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'move') return super.act(what, body);
    this.moving = Number(body['records'] ?? 1);
    return { ok: true };
  }

  protected override build(): void {
    for (const [name, table] of this.tables) this.api('get', `/tz/api/${name}`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('key');
    return { source: { auth: { kind: 'header', header: 'X-Api-Key', value: `env:${env}` } }, env: { [env]: this.apiKey } };
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    const status = refusal.code === 'AUTH_FAILED' ? 401 : 400;
    x.sendJson({ error: refusal.code, message: refusal.message }, { status });
  }

  private list(x: Exchange, table: Ledger): void {
    this.needHeader(x, 'x-api-key', this.apiKey);
    const page = this.whole(x, 'page', 0, 100_000);
    const size = this.whole(x, 'size', 1, kMaxSize);
    const from = this.moment(x, 'updateTimeFrom') ?? 0;
    const shown = this.shown(table).filter((row) => row.changedMs >= from);
    if (x.query().get('sort') === 'updateTime,asc') shown.reverse();
    const rows = slice(shown, page, size).map((row) => ({
      ...wireRow(table.columns, row, kWire),
      deleted: row.op === 'D' ? 1 : 0,
    }));
    x.sendJson(rows, { headers: { 'X-Total-Count': String(shown.length) } });
    if (this.moving > 0 && page > 0) this.move(table, shown);
  }

  /** Living records, and those that went within 90 days; newest change first. */
  private shown(table: Ledger): Row[] {
    const kept = this.now() - kKeptMs;
    return table
      .all()
      .filter((row) => row.op !== 'D' || row.changedMs >= kept)
      .sort((a, b) => byChange(b, a));
  }

  /** A record of the first page is changed: it goes to the end, and whatever lies behind it moves up by one. */
  private move(table: Ledger, shown: readonly Row[]): void {
    const row = shown.find((r) => r.op !== 'D');
    if (!row) return;
    this.moving--;
    table.update(row, this.now());
  }
}
