// ln-supervise: SOAP by time of the inspection, 50 a page: what is entered late lies outside the window, and nothing tells what
// was removed.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { code, day, key, moment, text } from '../columns.ts';
import { kPlainWire, wireRow } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { byChange, localMs, Refusal, slice } from '../rest.ts';
import { SoapData, withoutNull } from '../soap.ts';
import type { Arguments } from '../soap.ts';
import type { Reach } from '../source.ts';
import { address, bureau, creditCode, digits, firm, matter, oneOf, person, serial } from '../values.ts';

const kForms = { '1': '双随机', '2': '重点监管', '3': '信用监管', '4': '联合监管', '5': '其他' };
const kResults = { '1': '合格', '2': '限期整改', '3': '立案查处', '4': '其他' };
const kPage = 50;
const kPath = '/jg/ws/DataService';

export class LnSupervise extends SoapData {
  private readonly password = randomBytes(12).toString('base64url');

  constructor() {
    super('ln-supervise');
    const acts = this.table('jgsx', 700, [
      key('jgid', serial('JG', 30)),
      text('sxbm', digits(18)),
      text('xdr', firm),
      text('uscc', creditCode),
      { ...code('jgxs', kForms), make: (_, n) => String((n % 5) + 1) },
      code('jg', kResults),
      moment('jgsj'),
      text('dept', bureau),
      text('zfry', person),
    ]);
    this.view('ZS-QY-009', acts);
    this.view('ZS-QY-010', acts, ['jgid', 'xdr', 'uscc', 'jg', 'jgsj'], (row) => row.cells['jgxs'] === '1');
    const permit = [text('holder_firm', firm), text('uscc', creditCode), text('address', address), day('valid_to')];
    this.table('items', 120, [key('sxbm', serial('SX', 16)), text('name', matter), text('dept', bureau), text('basis', matter)], 'ZS-QY-011');
    this.table('catering', 260, [key('permit_no', serial('JY', 14)), ...permit], 'ZS-QY-036');
    const device = [key('device_no', serial('TS', 12)), text('kind', oneOf(['锅炉', '压力容器', '起重机械'])), text('owner', firm), day('checked_on')];
    this.table('devices', 180, device, 'ZS-QY-037');
    this.table('lifts', 240, [key('device_no', serial('DT', 12)), text('address', address), text('owner', firm), day('checked_on')], 'ZS-JC-021');
    this.table('venues', 70, [key('permit_no', serial('WH', 14)), ...permit], 'ZS-WL-015');
  }

  /** late {days}: an inspection is entered that was made so many days ago. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'late') return super.act(what, body);
    const at = this.now() - Number(body['days'] ?? 3) * 86_400_000;
    const row = this.tables.get('jgsx')?.insert(this.now(), { jgsj: at });
    return { jgid: row?.cells['jgid'] };
  }

  protected override build(): void {
    this.operation(kPath, 'getSupervision', (x, args) => {
      const [from, to] = [localMs(args['beginTime'] ?? ''), localMs(args['endTime'] ?? '')];
      if (Number.isNaN(from) || Number.isNaN(to)) throw new Refusal('Server', 'beginTime, endTime');
      return this.page(x, args, 'jgsx', (row) => {
        const at = Number(row.cells['jgsj']);
        return at >= from && at <= to && (args['jgxs'] === undefined || row.cells['jgxs'] === args['jgxs']);
      });
    });
    this.operation(kPath, 'getList', (x, args) => this.page(x, args, args['name'] ?? '', () => true));
  }

  protected override access(): Reach {
    const env = this.envName('password');
    return { source: { auth: { kind: 'basic', user: 'hub', password: `env:${env}` } }, env: { [env]: this.password } };
  }

  private page(x: Exchange, args: Arguments, name: string, chosen: (row: Row) => boolean): Record<string, unknown> {
    const wanted = `Basic ${Buffer.from(`hub:${this.password}`).toString('base64')}`;
    if (x.header('authorization') !== wanted) throw new Refusal('AUTH_FAILED', 'name or password');
    const table: Ledger | undefined = this.tables.get(name);
    const number = Number(args['pageNo']);
    if (!table || !(number >= 1)) throw new Refusal('Server', 'name or pageNo');
    const found = table.list().filter(chosen).sort(byChange);
    const record = slice(found, number - 1, kPage).map((row) => withoutNull(wireRow(table.columns, row, kPlainWire)));
    const hasNext = number * kPage < found.length ? 'true' : 'false';
    return { return: { hasNext, data: record.length > 0 ? { record } : '' } };
  }
}
