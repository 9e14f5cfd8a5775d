// dl-realty: a ticket by SOAP that every call carries; the answer is an XML document in CDATA with a declaration of its own;
// the registry comes as a nightly file.
import { createHash, randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { encode } from '../../core/charset.ts';
import { code, day, decimal, key, text } from '../columns.ts';
import { kPlainWire, wireRow } from '../http.ts';
import { byChange, Refusal, slice } from '../rest.ts';
import { SoapData, withoutNull, xmlText } from '../soap.ts';
import type { Arguments } from '../soap.ts';
import type { Reach } from '../source.ts';
import { Tokens } from '../tokens.ts';
import { address, idNumber, person, serial } from '../values.ts';

const kUse = { '10': '住宅', '20': '商业', '30': '工业', '40': '办公' };
const kKinds = { '1': '首次', '2': '转移', '3': '变更', '4': '注销', '5': '查封', '6': '抵押' };
const kStates = { '1': '现势', '0': '历史' };
const kPage = 100;
const kUser = 'zsq';
const kPath = '/bdc/services/Query';
const kDoctype = '<!DOCTYPE data [<!ENTITY x SYSTEM "file:///etc/hostname">]>';

export class DlRealty extends SoapData {
  private readonly password = randomBytes(12).toString('base64url');
  private readonly tickets = new Tokens(1_200_000, () => this.now());
  private hostile = false;

  constructor() {
    super('dl-realty');
    const registered = this.table('bdc', 420, [
      key('bdcdyh', serial('210299001001GB00001F', 8)),
      text('qlr', person),
      text('zjh', idNumber),
      text('zl', address),
      decimal('mj', 30, 900, 2),
      code('yt', kUse),
      code('djlx', kKinds),
      day('djsj'),
      text('cqzh', serial('辽（2026）临海不动产权第', 7)),
      code('zt', kStates),
    ]);
    this.view('ZS-MS-034', registered);
    this.table('cert', 300, [key('cqzh', serial('辽（2026）临海不动产权第', 7)), text('qlr', person), text('zl', address), decimal('mj', 30, 900, 2), day('fzrq')], 'ZS-MS-035');
    this.table('parcel', 350, [key('bdcdyh', serial('210299001001GB00002W', 8)), text('zl', address), decimal('mj', 100, 90_000, 2), code('yt', kUse)], 'ZS-KJ-020');
  }

  /** hostile {on}: the inner document declares an external entity. drop-tickets: every ticket is worth nothing. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what === 'drop-tickets') return this.tickets.drop();
    if (what !== 'hostile') return super.act(what, body);
    this.hostile = body['on'] !== false;
    return { ok: true };
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.hostile = false;
  }

  protected override build(): void {
    this.operation(kPath, 'login', (_x, args) => {
      const wanted = createHash('md5').update(this.password).digest('hex');
      if (args['user'] !== kUser || args['pwd'] !== wanted) {
        this.refused('AUTH_FAILED login', kPath);
        return { ret: '-1', msg: '用户名或密码错误' };
      }
      return { ret: '1', ticket: this.tickets.give() };
    });
    this.operation(kPath, 'query', (_x, args) => this.query(args));
    this.api('get', '/bdc/dump/parcel.csv', (x) => this.dump(x));
  }

  protected override access(): Reach {
    const env = this.envName('password');
    const body = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><login><user>{user|xml}</user><pwd>{password|md5}</pwd></login></e:Body></e:Envelope>';
    const request = { path: kPath, headers: { SOAPAction: 'login' }, type: 'text/xml; charset=UTF-8', body };
    const at = 'Envelope/Body/loginResponse';
    const errors = { at: `${at}/ret`, good: ['1'] };
    const auth = { kind: 'token', user: kUser, password: `env:${env}`, request, format: 'xml', token: `${at}/ticket`, errors };
    return { source: { auth }, env: { [env]: this.password } };
  }

  private query(args: Arguments): Record<string, unknown> {
    if (!this.tickets.good(args['ticket'] ?? '')) return { ret: '-2', msg: '票据无效或已过期' };
    const table = this.tables.get(args['name'] ?? '');
    const page = Number(args['page']);
    if (!table || !(page >= 1)) throw new Refusal('Client', 'name or page');
    const all = table.list().sort(byChange);
    const row = slice(all, page - 1, kPage).map((one) => withoutNull(wireRow(table.columns, one, kPlainWire)));
    const inner = xmlText({ data: { total: all.length, rows: row.length > 0 ? { row } : '' } });
    const head = `<?xml version="1.0" encoding="GBK"?>${this.hostile ? kDoctype : ''}`;
    return { ret: '1', return: { '#cdata': head + inner } };
  }

  /** GBK, no quotes: as the database wrote it in the night. */
  private dump(x: Exchange): void {
    if (!this.tickets.good(x.query().get('ticket'))) throw new Refusal('AUTH_FAILED', 'ticket');
    const table = this.tables.get('parcel');
    const columns = table?.columns ?? [];
    const lines = (table?.list() ?? []).map((row) => Object.values(wireRow(columns, row, { ...kPlainWire, decimal: (t) => t })).join('|'));
    const text = [columns.map((c) => c.wire.toUpperCase()).join('|'), ...lines].join('\r\n');
    x.bytes(encode(`${text}\r\n`, 'GBK'), { type: 'text/plain' });
  }
}
