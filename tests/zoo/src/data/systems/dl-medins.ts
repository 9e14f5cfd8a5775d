// dl-medins: REST pages; names and identity numbers are SM4-CBC under a key of the day; what is not valid any more is gone.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Exchange } from '../../core/exchange.ts';
import { asKey, changed, code, day, decimal, key, localText, text, whole } from '../columns.ts';
import type { Column } from '../columns.ts';
import { kPlainWire } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { PagedRest } from '../paged.ts';
import type { Page } from '../paged.ts';
import { Refusal } from '../rest.ts';
import type { Reach } from '../source.ts';
import { address, firm, idNumber, oneOf, person, serial } from '../values.ts';

const { sm3, sm4 } = createRequire(import.meta.url)('sm-crypto') as typeof import('sm-crypto');

const kKinds = { '310': '职工基本医疗', '390': '城乡居民基本医疗' };
const kStates = { '1': '正常', '2': '暂停', '4': '终止' };
const kLevels = { '0': '能力完好', '1': '轻度', '2': '中度', '3': '重度' };
/** What never goes over the wire in the clear. */
const kSealed = ['psnName', 'certno'];

export class DlMedins extends PagedRest {
  private readonly token = randomBytes(24).toString('base64url');
  private readonly master = randomBytes(16).toString('hex');

  constructor() {
    super('dl-medins', {
      wire: kPlainWire,
      page: 'page',
      first: 1,
      size: 'size',
      maxSize: 200,
      since: 'uptTime',
      gone: { name: 'validFlag', yes: '0', no: '1' },
    });
    const time = changed('updated_at', 'uptTime');
    const number = key('psn_no', serial('21029900000000', 8));
    const sealed: Column[] = [text('psn_name', person), text('certno', idNumber)];
    const insured = this.table('insured', 640, [number, ...sealed, code('insutype', kKinds), code('state', kStates), text('emp_name', firm), day('begin'), day('end', undefined, 6), time]);
    this.view('ZS-MS-024', insured, ['psn_no', 'insutype', 'state', 'emp_name', 'begin', 'end', 'updated_at']);
    const aid = this.table('aid', 220, [number, asKey(day('date')), ...sealed, decimal('amount', 50, 20_000, 2), time]);
    this.view('ZS-MS-025', aid, ['psn_no', 'date', 'amount', 'updated_at']);
    this.table('org', 130, [key('org_code', serial('H210299', 5)), text('name', firm), text('kind', oneOf(['医院', '药店', '诊所'])), text('address', address), time], 'ZS-MS-026');
    const care = this.table('care', 150, [number, ...sealed, code('level', kLevels), whole('days', 1, 365), time]);
    this.view('ZS-MS-027', care, ['psn_no', 'level', 'days', 'updated_at']);
  }

  protected override build(): void {
    for (const [name, table] of this.tables) this.api('get', `/ybj/api/${name}`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('token');
    return { source: { auth: { kind: 'bearer', token: `env:${env}` } }, env: { [env]: this.token } };
  }

  protected override enter(x: Exchange): void {
    if (x.header('authorization') !== `Bearer ${this.token}`) throw new Refusal('AUTH_FAILED', 'token');
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ msg: refusal.message }, { status: refusal.code === 'AUTH_FAILED' ? 401 : 400 });
  }

  protected override answer(x: Exchange, page: Page): void {
    const keyDay = localText(this.now()).slice(0, 10);
    x.sendJson({ data: page.rows, total: page.total, keyDay });
  }

  protected override write(table: Ledger, row: Row): Record<string, unknown> {
    const out = super.write(table, row);
    const dayKey = sm3(this.master + localText(this.now()).slice(0, 10)).slice(0, 32);
    for (const name of kSealed) {
      if (out[name] === undefined || out[name] === null) continue;
      const iv = randomBytes(16).toString('hex');
      out[name] = iv + sm4.encrypt(String(out[name]), dayKey, { mode: 'cbc', iv });
    }
    return out;
  }
}
