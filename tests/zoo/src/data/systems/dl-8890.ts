// dl-8890: Axis 1: at most 500 records an answer and no word when there are more; GBK bytes whose declaration says UTF-8.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { changed, code, key, moment, text } from '../columns.ts';
import { kPlainWire, wireRow } from '../http.ts';
import { byChange, localMs, Refusal } from '../rest.ts';
import { SoapData, withoutNull } from '../soap.ts';
import type { Arguments } from '../soap.ts';
import type { Reach } from '../source.ts';
import { address, bureau, digits, person, phone, prose, serial } from '../values.ts';

const kFrom = { '1': '电话', '2': '短信', '3': '网站', '4': '微信', '5': '12345转入' };
const kSatisfied = { A: '满意', B: '基本满意', C: '不满意', D: '未回访' };
const kStates = { '0': '待派', '1': '在办', '2': '待审', '3': '办结', '4': '退回' };
const kCap = 500;
const kPath = '/ms8890/services/GdService';

export class Dl8890 extends SoapData {
  private readonly password = randomBytes(12).toString('base64url');
  protected override bodyCharset = 'GBK';

  constructor() {
    super('dl-8890');
    const orders = this.table('gd', 3000, [
      key('gdbh', serial('GD20260601', 8)),
      text('lxr', person),
      text('lxdh', phone),
      moment('lysj'),
      code('lyfs', kFrom),
      text('nrfl', digits(4)),
      text('nr', prose),
      text('dz', address),
      text('zbdw', bureau),
      text('xbdw', bureau),
      moment('yqbjsj'),
      moment('bjsj', undefined, 3),
      text('bjyj', prose),
      code('myd', kSatisfied),
      code('zt', kStates),
      text('zbgd', serial('DL20260601', 8)),
      changed('gxsj'),
    ]);
    this.view('ZS-SQ-006', orders);
    this.view('ZS-SQ-007', orders, ['gdbh', 'bjsj', 'bjyj', 'zt', 'gxsj']);
    this.view('ZS-SQ-008', orders, ['gdbh', 'myd', 'gxsj']);
  }

  protected override build(): void {
    this.operation(kPath, 'getGdList', (x, args) => this.orders(x, args));
  }

  protected override access(): Reach {
    const env = this.envName('password');
    return { source: { auth: { kind: 'basic', user: 'hub', password: `env:${env}` } }, env: { [env]: this.password } };
  }

  private orders(x: Exchange, args: Arguments): Record<string, unknown> {
    const wanted = `Basic ${Buffer.from(`hub:${this.password}`).toString('base64')}`;
    if (x.header('authorization') !== wanted) throw new Refusal('AUTH_FAILED', '用户名或密码不正确');
    const [from, to] = [localMs(args['startTime'] ?? ''), localMs(args['endTime'] ?? '')];
    if (Number.isNaN(from) || Number.isNaN(to)) throw new Refusal('Server', '时间格式不正确');
    const table = this.tables.get('gd');
    const found = (table?.list() ?? []).filter((row) => row.changedMs >= from && row.changedMs <= to).sort(byChange);
    const gd = found.slice(0, kCap).map((row) => withoutNull(wireRow(table?.columns ?? [], row, kPlainWire)));
    return { getGdListReturn: { gd } };
  }
}
