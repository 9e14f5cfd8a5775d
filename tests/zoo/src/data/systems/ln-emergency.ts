// ln-emergency: Digest on everything; a feed of the newest 200 CAP messages, in which a Cancel may come before its Alert.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { digestAnswers, parseDigest } from '../../systems/digest.ts';
import { changed, code, day, decimal, key, moment, text, whole } from '../columns.ts';
import type { Column, Make } from '../columns.ts';
import { kPlainWire, written, wireRow } from '../http.ts';
import type { Ledger, Logged } from '../ledger.ts';
import { Refusal, RestData } from '../rest.ts';
import { withoutNull, xmlText } from '../soap.ts';
import type { Reach } from '../source.ts';
import { address, bureau, latitude, longitude, matter, oneOf, person, phone, prose, serial } from '../values.ts';

const kMessages = { Alert: '首次发布', Update: '更新', Cancel: '解除' };
const kSeverity = { Extreme: '红色', Severe: '橙色', Moderate: '黄色', Minor: '蓝色' };
const kKept = 200;
const kUser = 'emg.hub';
const kRealm = 'EMG';
const kWire = { ...kPlainWire, moment: (ms: number) => new Date(ms + 28_800_000).toISOString().replace('.000Z', '+08:00') };

function decimalText(name: string, make: Make): Column {
  return { ...text(name, make), kind: 'decimal' };
}

export class LnEmergency extends RestData {
  private readonly password = randomBytes(12).toString('base64url');
  private nonce = randomBytes(12).toString('base64');
  private lastCount = 0;
  /** Messages that the next answer does not have yet. */
  private readonly late = new Set<number>();

  constructor() {
    super('ln-emergency');
    const place = [decimalText('lng', longitude), decimalText('lat', latitude)];
    const site = [key('site_id', serial('XF', 6)), text('name', address), text('address', address), ...place];
    this.table('hydrants', 300, [...site, whole('trucks', 0, 3)], 'ZS-JC-022');
    const store = [key('store_id', serial('WZ', 14)), text('item', oneOf(['帐篷', '沙袋', '救生衣'])), decimal('qty', 1, 9000, 2), text('unit', oneOf(['顶', '只', '件'])), text('address', address), ...place];
    this.table('stores', 120, store, 'ZS-JC-023');
    this.table('shelters', 60, [...site, whole('people', 100, 9000)], 'ZS-JC-024');
    this.table('teams', 40, [key('team_id', serial('DW', 4)), text('name', matter), text('captain', person), text('phone', phone), whole('members', 5, 80)], 'ZS-JC-025');
    this.table('plans', 90, [key('plan_id', serial('YA', 14)), text('name', matter), text('level', oneOf(['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'])), text('dept', bureau), text('contact', person), text('phone', phone), day('approved_on')], 'ZS-JC-026');
    const alert = [
      key('identifier', serial('2102994100', 10)),
      changed('sent'),
      { ...code('msg_type', kMessages), make: (() => 'Alert') as Make },
      text('event', oneOf(['暴雨', '台风', '大风', '寒潮'])),
      code('severity', kSeverity),
      moment('effective'),
      moment('expires'),
      text('area', address, 'areaDesc'),
      text('geocode', oneOf(['210299'])),
      text('headline', matter),
      text('description', prose),
    ];
    this.table('alerts', 150, alert, 'ZS-JC-027');
  }

  /** cancel-first: an alert and its end, of which the next answer has the end alone. stale: the nonce is worth nothing. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what === 'stale') return void (this.nonce = randomBytes(12).toString('base64'));
    if (what !== 'cancel-first') return super.act(what, body);
    const table = this.tables.get('alerts');
    const row = table?.insert(this.now() - 60_000);
    if (!table || !row) return undefined;
    this.late.add(row.seq);
    table.update(row, this.now(), { msg_type: 'Cancel' });
    return { identifier: row.cells['identifier'] };
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.late.clear();
  }

  protected override build(): void {
    this.api('get', '/emg/cap/feed.xml', (x) => this.enter(x) && this.feed(x));
    for (const [name, table] of this.tables) {
      if (name === 'alerts') continue;
      this.api('get', `/emg/xml/${name}.xml`, (x) => this.enter(x) && this.list(x, table));
    }
  }

  protected override access(): Reach {
    const env = this.envName('password');
    return { source: { auth: { kind: 'digest', user: kUser, password: `env:${env}` } }, env: { [env]: this.password } };
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.text(`<error>${refusal.message}</error>`, 'text/xml', { status: 400 });
  }

  /** False: a challenge was sent. A stale nonce is no fault of the reader. */
  private enter(x: Exchange): boolean {
    const sent = x.headers('authorization');
    if (sent.length === 0) return this.challenge(x, false);
    const fields = parseDigest(sent[0] ?? '');
    if (typeof fields === 'string') throw new Refusal('400', fields);
    const answers = digestAnswers(fields, x.method, this.password);
    const known = fields['username'] === kUser && fields['uri'] === x.target && answers?.response === fields['response'];
    if (!known) {
      this.refused('AUTH_FAILED wrong digest', x.target);
      return this.challenge(x, false);
    }
    if (fields['nonce'] !== this.nonce) return this.challenge(x, true);
    const count = parseInt(fields['nc'] ?? '', 16);
    if (!(count > this.lastCount)) throw new Refusal('400', 'nc was used before');
    this.lastCount = count;
    return true;
  }

  private challenge(x: Exchange, stale: boolean): false {
    this.nonce = randomBytes(12).toString('base64');
    this.lastCount = 0;
    const words = `Digest realm="${kRealm}", qop="auth", nonce="${this.nonce}", opaque="5ccc", algorithm=MD5`;
    x.text('', 'text/plain', { status: 401, headers: { 'WWW-Authenticate': stale ? `${words}, stale=true` : words } });
    return false;
  }

  private list(x: Exchange, table: Ledger): void {
    const row = table.list().map((one) => withoutNull(wireRow(table.columns, one, kWire)));
    x.text(`<?xml version="1.0" encoding="UTF-8"?>${xmlText({ rows: { row } })}`, 'text/xml');
  }

  private feed(x: Exchange): void {
    const table = this.tables.get('alerts');
    const log = (table?.log ?? []).filter((entry) => entry.op !== 'D' && !this.late.has(entry.seq));
    this.late.clear();
    const alert = log.slice(-kKept).reverse().map((entry) => this.message(table?.columns ?? [], entry));
    x.text(`<?xml version="1.0" encoding="UTF-8"?>${xmlText({ feed: { alert } })}`, 'application/cap+xml');
  }

  /** A message that changes or ends an alert has an identifier of its own and refers to it. */
  private message(columns: readonly Column[], { cells, op }: Logged): Record<string, unknown> {
    const value = (name: string): unknown => {
      const c = columns.find((one) => one.name === name);
      return c ? written(c, cells[name] ?? null, kWire) : null;
    };
    const of = String(cells['identifier']);
    const kind = op === 'I' || cells['msg_type'] === 'Cancel' ? String(cells['msg_type']) : 'Alert';
    const info = { event: value('event'), severity: value('severity'), effective: value('effective'), expires: value('expires'), headline: value('headline'), description: value('description'), area: { areaDesc: value('area'), geocode: value('geocode') } };
    const again = op === 'I' ? {} : { references: `hub@emg,${of},${String(value('sent'))}` };
    return { identifier: op === 'I' ? of : `${of}-${String(cells['sent'])}`, sent: value('sent'), msgType: kind, ...again, info };
  }
}
