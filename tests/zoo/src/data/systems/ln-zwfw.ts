// ln-zwfw: REST by an opaque cursor that expires after 10 min; what is gone comes as a tombstone; an item stands in the list
// in its older versions too, in no order.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { changed, code, key, moment, text, version, whole, yes } from '../columns.ts';
import type { Column } from '../columns.ts';
import { kPlainWire, wireRow } from '../http.ts';
import type { Wire } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { byChange, localMs, Refusal, RestData } from '../rest.ts';
import type { Reach } from '../source.ts';
import { Tokens } from '../tokens.ts';
import { bureau, firm, idNumber, matter, serial } from '../values.ts';

const kTypes = { '01': '行政许可', '05': '行政给付', '07': '行政确认', '08': '行政奖励', '10': '其他行政权力', '20': '公共服务' };
const kStates = { '1': '在用', '2': '暂停', '3': '取消' };
const kResults = { '01': '办结', '02': '退件', '03': '撤回', '04': '不予许可' };
const kStars = { '5': '非常满意', '4': '满意', '3': '基本满意', '2': '不满意', '1': '非常不满意' };
const kMaxLimit = 200;
const kCursorMs = 600_000;
const kTokenMs = 3_600_000;
const kClient = 'district-hub';
const kWire: Wire = { ...kPlainWire, moment: (ms) => new Date(ms).toISOString(), yes: (value) => value };

/** One line of a list: a record, an older version of one, or a tombstone. */
interface Entry {
  row: Row;
  older: boolean;
}

interface Cursor {
  entries: Entry[];
  at: number;
  sinceMs: number;
}

/** ISO 8601 with any zone. */
function isoMs(text: string): number {
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : localMs(text);
}

export class LnZwfw extends RestData {
  private readonly secret = randomBytes(18).toString('base64url');
  private readonly tokens = new Tokens(kTokenMs, () => this.now());
  private readonly cursors = new Map<string, Cursor>();
  /** Cursors that are still to be forgotten after this many pages. */
  private dieAfter = Infinity;

  constructor() {
    super('ln-zwfw');
    const item: Column[] = [
      key('task_code', (_, n) => `11210299MB${String(n).padStart(21, '0')}`),
      text('base_code', serial('0001', 8)),
      text('name', matter),
      code('type', kTypes),
      text('org', bureau),
      whole('promise_days', 1, 20),
      whole('legal_days', 20, 60),
      whole('visit_times', 0, 3),
      yes('online'),
      yes('tolerant'),
      version('version'),
      code('state', kStates),
    ];
    const items = this.table('items', 1800, [...item, changed('modified')], 'ZS-MS-043');
    const short = ['task_code', 'name', 'org', 'promise_days'];
    this.view('ZS-QY-024', items, short, (row) => row.cells['tolerant'] === true);
    this.view('ZS-MS-044', items, [...short, 'visit_times'], (row) => Number(row.cells['visit_times']) <= 1);
    this.view('ZS-MS-045', items, short, (row) => row.cells['visit_times'] === 0);
    const work = this.table('works', 600, [
      key('bjbh', serial('BJ2026', 10)),
      text('task_code', (_, n) => `11210299MB${String(n % 500).padStart(21, '0')}`),
      text('applicant', firm),
      text('cert_no', idNumber),
      moment('accept_time'),
      moment('finish_time', undefined, 3),
      code('result', kResults),
      code('star', kStars),
      changed('modified'),
    ]);
    const columns = ['bjbh', 'task_code', 'applicant', 'cert_no', 'accept_time', 'finish_time', 'result', 'modified'];
    this.view('ZS-MS-041', work, columns);
    this.view('ZS-MS-042', work, ['bjbh', 'task_code', 'star', 'modified']);
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'kill-cursor') return super.act(what, body);
    this.dieAfter = Number(body['after'] ?? 1);
    return { ok: true };
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.cursors.clear();
    this.dieAfter = Infinity;
  }

  protected override build(): void {
    this.api('post', '/oauth2/token', (x) => this.token(x));
    for (const [name, table] of this.tables) this.api('get', `/api/v1/${name}`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('secret');
    const body = 'grant_type=client_credentials&client_id={user|encode}&client_secret={password|encode}';
    const request = { path: '/oauth2/token', type: 'application/x-www-form-urlencoded', body };
    const auth = { kind: 'token', user: kClient, password: `env:${env}`, request, token: '/access_token' };
    return { source: { auth, headers: { Authorization: 'Bearer {token}' } }, env: { [env]: this.secret } };
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    const status = { invalid_client: 401, invalid_token: 401, cursor_expired: 410 }[refusal.code] ?? 400;
    x.sendJson({ error: refusal.code, error_description: refusal.message }, { status });
  }

  private token(x: Exchange): void {
    const form = x.form();
    const good = form.get('client_id') === kClient && form.get('client_secret') === this.secret;
    if (form.get('grant_type') !== 'client_credentials' || !good) throw new Refusal('invalid_client', 'unknown client');
    x.sendJson({ access_token: this.tokens.give(), token_type: 'Bearer', expires_in: kTokenMs / 1000 });
  }

  private list(x: Exchange, table: Ledger): void {
    const bearer = /^Bearer (\w+)$/.exec(x.header('authorization'))?.[1] ?? '';
    if (!this.tokens.good(bearer)) throw new Refusal('invalid_token', 'no such token');
    const limit = this.whole(x, 'limit', 1, kMaxLimit);
    const cursor = this.cursor(x, table);
    const part = cursor.entries.slice(cursor.at, cursor.at + limit);
    const at = cursor.at + limit;
    let next = '';
    if (at < cursor.entries.length) {
      next = randomBytes(12).toString('base64url');
      this.cursors.set(next, { ...cursor, at, sinceMs: this.now() });
    }
    x.sendJson({ items: part.map((entry) => this.write(table, entry)), nextCursor: next === '' ? null : next });
  }

  private cursor(x: Exchange, table: Ledger): Cursor {
    const query = x.query();
    if (!query.has('cursor')) return { entries: this.entries(x, table), at: 0, sinceMs: this.now() };
    if (--this.dieAfter <= 0) {
      this.dieAfter = Infinity;
      this.cursors.clear();
      throw this.expired();
    }
    const found = this.cursors.get(query.get('cursor'));
    if (!found || this.now() - found.sinceMs > kCursorMs) throw this.expired();
    return found;
  }

  private expired(): Refusal {
    return new Refusal('cursor_expired', 'begin again with modifiedSince');
  }

  /** Every third record comes in its last version but one as well: before the newest, or after it. */
  private entries(x: Exchange, table: Ledger): Entry[] {
    const from = this.moment(x, 'modifiedSince', isoMs) ?? -Infinity;
    const wanted = x.query().get('list');
    const chosen = (row: Row): boolean =>
      wanted === '' ||
      (wanted === 'tolerant' && row.cells['tolerant'] === true) ||
      (wanted === 'once' && Number(row.cells['visit_times']) <= 1) ||
      (wanted === 'none' && row.cells['visit_times'] === 0);
    const rows = wanted === '' ? table.all() : table.list();
    const found = rows.filter((row) => row.changedMs >= from && chosen(row)).sort(byChange);
    return found.flatMap((row) => {
      const newest = { row, older: false };
      if (table.name !== 'items' || wanted !== '' || row.op === 'D' || row.n % 3 !== 0) return [newest];
      return row.n % 2 === 0 ? [{ row, older: true }, newest] : [newest, { row, older: true }];
    });
  }

  private write(table: Ledger, { row, older }: Entry): Record<string, unknown> {
    const type = row.op === 'D' ? 'DELETE' : 'UPSERT';
    const data = wireRow(table.columns, row, kWire);
    if (!older) return { event: type, ...data };
    return { event: type, ...data, version: Number(row.cells['version']) - 1, name: '（旧版）', state: '3' };
  }
}
