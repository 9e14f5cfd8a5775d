// dl-video: the police video platform: a signature over method, headers and path; twenty-digit numbers written as numbers;
// three coordinate systems; cameras that are secret mixed in with the others.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Exchange } from '../../core/exchange.ts';
import { changed, code, day, key, text } from '../columns.ts';
import type { Column, Make } from '../columns.ts';
import { kPlainWire, wireRow } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { byChange, Refusal, RestData, slice } from '../rest.ts';
import type { Reach } from '../source.ts';
import { address, latitude, longitude, serial } from '../values.ts';

const gcoord = createRequire(import.meta.url)('gcoord') as typeof import('gcoord').default;

const kOwners = { '01': '天网', '02': '行政服务大厅', '03': '街道自建' };
const kPtz = { '1': '球机', '2': '半球', '3': '固定枪机', '4': '遥控枪机' };
const kGrids = { '1': 'WGS84', '2': 'GCJ02', '3': 'CGCS2000' };
const kOnline = { '0': '离线', '1': '在线' };
const kOpen = 2735;
const kSecret = 65;
const kMaxSize = 1000;
const kWindowMs = 900_000;
/** Every forty-third camera is secret. */
const isSecret = (row: Row): boolean => row.n % 43 === 0;
const fixed = (codes: Record<string, string>): Make => (_, n) => Object.keys(codes)[n % Object.keys(codes).length] ?? null;

function decimalText(name: string, make: Make): Column {
  return { ...text(name, make), kind: 'decimal' };
}

export class DlVideo extends RestData {
  private readonly ak = randomBytes(8).toString('hex');
  private readonly sk = randomBytes(24).toString('base64url');
  private readonly nonces = new Set<string>();

  constructor() {
    super('dl-video');
    const cameras = this.table('cameras', kOpen + kSecret, [
      key('device_id', serial('2102110008132600', 4), 'indexCode'),
      text('name', address),
      text('parent_id', serial('2102110008200000', 4), 'parentIndexCode'),
      { ...code('owner', kOwners), make: fixed(kOwners) },
      text('address', address),
      code('ptz', kPtz, 'ptzType'),
      decimalText('lng', longitude),
      decimalText('lat', latitude),
      { ...code('coord', kGrids, 'coordType'), make: fixed(kGrids) },
      code('status', kOnline),
      day('install_date'),
      changed('updated_at', 'updateTime'),
    ]);
    const open = (row: Row): boolean => !isSecret(row);
    const names = cameras.columns.map((c) => c.name).filter((name) => name !== 'status');
    this.view('ZS-JC-001', cameras, names, open);
    this.view('ZS-JC-002', cameras, ['device_id', 'status'], open);
    const place = ['device_id', 'name', 'address', 'ptz', 'install_date'];
    this.view('ZS-JC-003', cameras, place, (row) => open(row) && row.cells['owner'] === '02');
    this.view('ZS-JC-004', cameras, place, (row) => open(row) && row.cells['owner'] === '03');
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.nonces.clear();
  }

  protected override build(): void {
    for (const [name, table] of this.tables)
      this.api('post', `/artemis/api/resource/v1/${name}`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('sk');
    const sign = {
      secret: `env:${env}`,
      algorithm: 'sha256',
      encoding: 'base64',
      text: `{method}\napplication/json\napplication/json\nx-ca-key:${this.ak}\nx-ca-nonce:{nonce}\nx-ca-timestamp:{timestamp_ms}\n{path}`,
      header: 'x-ca-signature',
    };
    const headers = {
      Accept: 'application/json',
      'x-ca-key': this.ak,
      'x-ca-nonce': '{nonce}',
      'x-ca-timestamp': '{timestamp_ms}',
    };
    const errors = { at: '/code', good: ['0'], message: '/msg', kinds: { '0x02401003': 'unauthenticated' } };
    return { source: { sign, headers, errors }, env: { [env]: this.sk } };
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ code: refusal.code, msg: refusal.message, data: null });
  }

  private enter(x: Exchange): void {
    const one = (name: string): string => (x.headers(name).length === 1 ? x.header(name) : '');
    const signed = ['x-ca-key', 'x-ca-nonce', 'x-ca-timestamp'].map((h) => `${h}:${one(h)}`);
    const words = [x.method, one('accept'), one('content-type'), ...signed, x.target].join('\n');
    const wanted = createHmac('sha256', this.sk).update(words, 'utf8').digest();
    const sent = Buffer.from(one('x-ca-signature'), 'base64');
    if (one('x-ca-key') !== this.ak || sent.length !== wanted.length || !timingSafeEqual(sent, wanted))
      throw new Refusal('0x02401003', 'signature error');
    if (Math.abs(this.now() - Number(one('x-ca-timestamp'))) > kWindowMs) throw new Refusal('0x02401005', 'timestamp');
    const nonce = one('x-ca-nonce');
    if (nonce === '' || this.nonces.has(nonce)) throw new Refusal('0x02401004', 'nonce replayed');
    this.nonces.add(nonce);
  }

  private list(x: Exchange, table: Ledger): void {
    this.enter(x);
    const { pageNo, pageSize, owner } = x.json();
    const size = Number(pageSize);
    const page = Number(pageNo);
    if (!(size >= 1 && size <= kMaxSize && page >= 1)) throw new Refusal('0x00072004', 'pageNo or pageSize');
    const shown = table.list().filter((row) => owner === undefined || row.cells['owner'] === owner);
    const rows = slice(shown.sort(byChange), page - 1, size).map((row) => this.write(table, row));
    const body = JSON.stringify({ code: '0', msg: 'success', data: { total: shown.length, list: rows } });
    // Numbers of twenty digits, as a careless serializer writes them.
    x.bytes(Buffer.from(body.replace(/"(\d{20})"/g, '$1'), 'utf8'), { type: 'application/json' });
  }

  private write(table: Ledger, row: Row): Record<string, unknown> {
    const out: Record<string, unknown> = { ...wireRow(table.columns, row, kPlainWire), secrecy: isSecret(row) ? '1' : '0' };
    if (row.cells['coord'] !== '2') return out;
    const at = gcoord.transform([Number(out['lng']), Number(out['lat'])], gcoord.WGS84, gcoord.GCJ02);
    return { ...out, lng: at[0], lat: at[1] };
  }
}
