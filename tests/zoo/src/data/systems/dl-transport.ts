// dl-transport: lists of a SharePoint of 2010: NTLM, which belongs to the connection; pages by a position that the answer gives.
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Exchange } from '../../core/exchange.ts';
import { changed, code, day, key, text, whole, yes } from '../columns.ts';
import type { Column } from '../columns.ts';
import { kPlainWire, wireRow } from '../http.ts';
import type { Wire } from '../http.ts';
import { byChange, Refusal } from '../rest.ts';
import { SoapData } from '../soap.ts';
import type { Arguments } from '../soap.ts';
import type { Reach } from '../source.ts';
import { address, creditCode, firm, latitude, longitude, oneOf, serial } from '../values.ts';
import { Challenge, ntlmType } from './ntlm.ts';

const kKinds = { '01': '公交', '02': '出租', '03': '校车', '04': '货运', '05': '危货' };
const kStates = { '1': '完好', '2': '模糊', '3': '缺失' };
const kDomain = 'DLJT';
const kUser = 'svc_hub';
const kLimit = 100;
const kWire: Wire = { ...kPlainWire, moment: (ms) => new Date(ms).toISOString().replace('.000Z', 'Z'), yes: (v) => (v ? '1' : '0') };

interface Connection {
  challenge?: Challenge;
  user?: string;
}

export class DlTransport extends SoapData {
  private readonly password = randomBytes(12).toString('base64url');
  private readonly connections = new WeakMap<Socket, Connection>();

  constructor() {
    super('dl-transport');
    const modified = changed('modified', 'Modified');
    const place: Column[] = [
      { ...text('lng', longitude), kind: 'decimal' },
      { ...text('lat', latitude), kind: 'decimal' },
    ];
    this.table('operators', 160, [key('permit', serial('YS', 8)), text('name', firm), text('uscc', creditCode), day('valid_to'), modified], 'ZS-QY-029');
    const vehicles = this.table('vehicles', 640, [
      key('plate', serial('辽B', 5)),
      { ...code('kind', kKinds), make: (_, n) => `0${(n % 5) + 1}` },
      text('owner', firm),
      text('permit', serial('YS', 8)),
      day('valid_to'),
      yes('school_bus'),
      modified,
    ]);
    this.view('ZS-QY-030', vehicles);
    this.view('ZS-MS-033', vehicles, ['plate', 'owner', 'permit', 'valid_to', 'modified'], (row) => row.cells['kind'] === '03');
    this.table('parks', 40, [key('uscc', creditCode), text('name', firm), text('address', address), modified], 'ZS-QY-034');
    this.table('signs', 300, [key('sign_id', serial('BZ', 6)), text('road', address), text('kind', oneOf(['标线', '标志牌'])), code('state', kStates), modified], 'ZS-JC-015');
    this.table('roads', 120, [key('road_code', serial('G', 5)), text('name', address), whole('length_m', 100, 9000), modified], 'ZS-JC-016');
    this.table('stops', 260, [key('stop_id', serial('ZD', 5)), text('name', address), text('lines', oneOf(['1路', '2路、3路'])), ...place, modified], 'ZS-JC-017');
    this.table('berths', 110, [key('park_id', serial('TC', 4)), text('name', address), whole('total', 20, 900), whole('free', 0, 20), modified], 'ZS-JC-018');
  }

  protected override build(): void {
    this.app.use((_req, res, next) => {
      const x = res.locals['x'] as Exchange;
      if (this.known(x)) next();
    });
    this.operation('/_vti_bin/lists.asmx', 'GetListItems', (_x, args) => this.items(args));
  }

  protected override access(): Reach {
    const env = this.envName('password');
    return {
      source: { auth: { kind: 'ntlm', user: `${kDomain}\\${kUser}`, password: `env:${env}` } },
      env: { [env]: this.password },
    };
  }

  /** Who speaks is known by the connection. */
  private known(x: Exchange): boolean {
    const socket = x.req.socket;
    const here = this.connections.get(socket) ?? {};
    this.connections.set(socket, here);
    const sent = /^NTLM (.+)$/.exec(x.header('authorization'))?.[1];
    if (sent === undefined) {
      if (here.user !== undefined) return true;
      return this.ask(x, 'NTLM');
    }
    const message = Buffer.from(sent, 'base64');
    if (ntlmType(message) === 1) {
      delete here.user;
      here.challenge = new Challenge(kDomain);
      return this.ask(x, `NTLM ${here.challenge.message().toString('base64')}`);
    }
    const user = here.challenge?.answeredBy(message, (name) => (name === kUser ? this.password : undefined));
    delete here.challenge;
    if (user !== undefined) {
      here.user = user;
      return true;
    }
    this.refused('AUTH_FAILED NTLM', x.target);
    return this.ask(x, 'NTLM');
  }

  private ask(x: Exchange, words: string): false {
    x.text('401', 'text/plain', { status: 401, headers: { 'WWW-Authenticate': words } });
    return false;
  }

  private items(args: Arguments): Record<string, unknown> {
    const table = this.tables.get(args['listName'] ?? '');
    if (!table) throw new Refusal('Client', 'listName');
    const since = args['since'] ?? '';
    const from = since === '' ? -Infinity : Date.parse(since);
    const found = table.list().filter((row) => row.changedMs >= from && (!args['kind'] || row.cells['kind'] === args['kind']));
    const at = args['position'] ? Number(/^Paged=TRUE;p_ID=(\d+)$/.exec(args['position'])?.[1] ?? NaN) : 0;
    if (Number.isNaN(at) || Number.isNaN(from)) throw new Refusal('Client', 'position or since');
    const rows = found.sort(byChange).slice(at, at + kLimit);
    const row = rows.map((one) => {
      const values = Object.entries(wireRow(table.columns, one, kWire)).filter(([, value]) => value !== null);
      return Object.fromEntries(values.map(([name, value]) => [`@ows_${name}`, value]));
    });
    const next = at + kLimit < found.length ? { '@ListItemCollectionPositionNext': `Paged=TRUE;p_ID=${at + kLimit}` } : {};
    const data = { '@ItemCount': row.length, ...next, ...(row.length > 0 ? { 'z:row': row } : {}) };
    const spaces = { '@xmlns:rs': 'urn:schemas-microsoft-com:rowset', '@xmlns:z': '#RowsetSchema' };
    return { GetListItemsResult: { listitems: { ...spaces, 'rs:data': data } } };
  }
}
