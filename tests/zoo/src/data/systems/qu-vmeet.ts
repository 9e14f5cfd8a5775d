// qu-vmeet: the plain MD5 of the values and the key, over the values as they are; the address carries them percent-encoded.
import { createHash, randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { code, key, text } from '../columns.ts';
import { kPlainWire, wireRow } from '../http.ts';
import { Refusal, RestData } from '../rest.ts';
import type { Reach } from '../source.ts';
import { address, bureau, oneOf, serial } from '../values.ts';

const kStates = { '0': '离线', '1': '在线', '2': '会议中' };
const kSkewS = 300;

export class QuVmeet extends RestData {
  private readonly mcuKey = randomBytes(12).toString('hex');

  constructor() {
    super('qu-vmeet');
    const terminal = [
      key('terminal_id', serial('MT', 5)),
      text('name', address),
      text('dept', bureau),
      text('model', oneOf(['终端A', '终端B'])),
      text('number', serial('8', 6)),
      code('state', kStates),
    ];
    this.table('terminal', 140, terminal, 'ZS-JC-009');
  }

  protected override build(): void {
    for (const [name, table] of this.tables) {
      this.api('get', `/mcu/api/${name}`, (x) => {
        this.enter(x);
        x.sendJson({ err: 0, list: table.list().map((row) => wireRow(table.columns, row, kPlainWire)) });
      });
    }
  }

  protected override access(): Reach {
    const env = this.envName('key');
    const sign = {
      secret: `env:${env}`,
      how: 'digest',
      algorithm: 'md5',
      text: '区指挥中心{timestamp}{secret}',
      parameter: 'sign',
    };
    const errors = { at: '/err', good: ['0'], message: '/msg', kinds: { '3': 'unauthenticated' } };
    return { source: { sign, errors }, env: { [env]: this.mcuKey } };
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ err: Number(refusal.code) || 1, msg: refusal.message });
  }

  private enter(x: Exchange): void {
    const query = x.query();
    const [name, ts] = [query.get('name'), query.get('ts')];
    const wanted = createHash('md5').update(`${name}${ts}${this.mcuKey}`, 'utf8').digest('hex');
    if (name === '' || query.get('sign') !== wanted) throw new Refusal('3', '签名错误');
    if (Math.abs(this.now() / 1000 - Number(ts)) > kSkewS) throw new Refusal('3', '时间戳过期');
  }
}
