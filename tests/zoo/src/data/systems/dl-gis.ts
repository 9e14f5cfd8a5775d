// dl-gis: ArcGIS layers as GeoJSON: at most a thousand features an answer, a mark when there are more, a token that expires
// bound to the referer, errors with status 200. Shapes are CGCS2000, longitude first.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { changed, code, key, text, whole } from '../columns.ts';
import type { Column, Make } from '../columns.ts';
import { kPlainWire, wireRow } from '../http.ts';
import type { Wire } from '../http.ts';
import type { Ledger } from '../ledger.ts';
import { Refusal, RestData } from '../rest.ts';
import type { Reach } from '../source.ts';
import { Tokens } from '../tokens.ts';
import { address, community, firm, latitude, longitude, oneOf, person, serial, street } from '../values.ts';

const kUse = { '01': '住宅', '02': '商业', '03': '办公', '04': '工业', '05': '公共服务', '09': '其他' };
const kUser = 'district';
const kReferer = 'https://yimen.example/';
const kMaxCount = 1000;
const kWire: Wire = { ...kPlainWire, moment: (ms) => ms };

/** A small square around a place. */
const square: Make = (r, n) => {
  const [lng, lat] = [Number(longitude(r, n)), Number(latitude(r, n))];
  const at = (dx: number, dy: number): number[] => [Number((lng + dx).toFixed(6)), Number((lat + dy).toFixed(6))];
  const ring = [at(0, 0), at(0.001, 0), at(0.001, 0.001), at(0, 0.001), at(0, 0)];
  return JSON.stringify({ type: 'Polygon', coordinates: [ring] });
};
const line: Make = (r, n) => JSON.stringify({ type: 'LineString', coordinates: [spot(r, n), spot(r, n)] });
const spot = (r: Parameters<Make>[0], n: number): number[] => [Number(longitude(r, n)), Number(latitude(r, n))];

function shape(make: Make): Column {
  return { ...text('geom', make), kind: 'json' };
}

export class DlGis extends RestData {
  private readonly password = randomBytes(12).toString('base64url');
  private readonly tokens = new Tokens(3_600_000, () => this.now());
  private readonly layers: string[] = [];

  constructor() {
    super('dl-gis');
    const edited = changed('editdate', 'editdate');
    const area = shape(square);
    const add = (item: string, name: string, size: number, columns: Column[]): void => {
      this.table(name, size, [...columns, edited], item);
      this.layers.push(name);
    };
    const layer = (group: string): Column[] => [key('layer', serial(group, 3)), text('title', address), text('url', serial('/tiles/', 5)), area];
    add('ZS-KJ-001', 'district', 40, [key('code', serial('210299', 3)), text('name', address), area]);
    add('ZS-KJ-002', 'community', 180, [key('community', serial('210299001', 3)), text('name', address), area]);
    add('ZS-KJ-003', 'grid', 1250, [
      key('grid_code', serial('WG210299', 5)),
      text('name', address),
      text('community', community),
      text('town', street),
      text('holder', person),
      whole('households', 50, 900),
      area,
    ]);
    add('ZS-KJ-004', 'building', 2000, [
      key('bld_code', serial('LD', 8)),
      text('name', address),
      whole('floors', 1, 40),
      whole('units', 1, 9),
      code('use', kUse),
      whole('built_year', 1950, 2025),
      area,
    ]);
    add('ZS-KJ-005', 'room', 900, [key('room_code', serial('FH', 10)), text('bld_code', serial('LD', 8)), text('unit', oneOf(['1单元', '2单元'])), text('room', serial('', 4))]);
    const point = shape((r, n) => JSON.stringify({ type: 'Point', coordinates: spot(r, n) }));
    add('ZS-KJ-006', 'address', 700, [key('poi_id', serial('DM', 8)), text('name', address), text('addr', address), point]);
    add('ZS-KJ-007', 'poi', 600, [key('poi_id', serial('XQ', 8)), text('name', firm), text('addr', address), text('cls', oneOf(['0101', '0202'])), point]);
    add('ZS-KJ-008', 'road', 240, [key('road_code', serial('DL', 6)), text('name', address), whole('width', 3, 40), shape(line)]);
    add('ZS-KJ-009', 'water', 60, [key('code', serial('SX', 4)), text('name', address), shape(line)]);
    for (const [item, name] of Object.entries({ 'ZS-KJ-010': 'tile', 'ZS-KJ-011': 'image', 'ZS-KJ-012': 'height', 'ZS-KJ-023': 'theme' }))
      add(item, name, 20, layer(name));
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    return what === 'drop-tokens' ? this.tokens.drop() : super.act(what, body);
  }

  protected override build(): void {
    this.api('post', '/arcgis/tokens/generateToken', (x) => this.token(x));
    this.layers.forEach((name, i) => {
      const table = this.tables.get(name);
      if (table) this.api('get', `/arcgis/rest/services/qu/MapServer/${i}/query`, (x) => this.query(x, table));
    });
  }

  protected override access(): Reach {
    const env = this.envName('password');
    const body = 'username={user|encode}&password={password|encode}&client=referer&referer=https%3A%2F%2Fyimen.example%2F&f=json';
    const request = { path: '/arcgis/tokens/generateToken', type: 'application/x-www-form-urlencoded', body };
    const auth = { kind: 'token', user: kUser, password: `env:${env}`, request, token: '/token' };
    const kinds = { '498': 'unauthenticated', '499': 'unauthenticated', '403': 'denied' };
    const errors = { at: '/error/code', message: '/error/message', kinds };
    return { source: { auth, errors, headers: { Referer: kReferer } }, env: { [env]: this.password } };
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ error: { code: Number(refusal.code) || 400, message: refusal.message, details: [] } });
  }

  private token(x: Exchange): void {
    const form = x.form();
    const known = form.get('username') === kUser && form.get('password') === this.password;
    if (!known || form.get('referer') !== kReferer) throw new Refusal('400', 'Unable to generate token.');
    x.sendJson({ token: this.tokens.give(), expires: this.now() + 3_600_000 });
  }

  private query(x: Exchange, table: Ledger): void {
    const query = x.query();
    if (!query.has('token')) throw new Refusal('499', 'Token Required');
    if (!this.tokens.good(query.get('token')) || x.header('referer') !== kReferer) throw new Refusal('498', 'Invalid Token');
    if (query.get('f') !== 'geojson' || query.get('outFields') !== '*') throw new Refusal('400', 'Invalid parameters');
    const offset = this.whole(x, 'resultOffset', 0, 10_000_000);
    const count = Math.min(this.whole(x, 'resultRecordCount', 1, 1_000_000), kMaxCount);
    const all = table.list();
    const features = all.slice(offset, offset + count).map((row) => {
      const { geom, ...properties } = wireRow(table.columns, row, kWire);
      return { type: 'Feature', geometry: geom === undefined ? null : JSON.parse(String(geom)), properties };
    });
    const more = offset + count < all.length;
    x.sendJson({ type: 'FeatureCollection', features, ...(more ? { exceededTransferLimit: true } : {}) });
  }
}
