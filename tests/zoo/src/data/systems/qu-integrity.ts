// qu-integrity: trusts whoever signs the identity headers: HMAC-SM3 over user, organisation, time, method and path with query.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Exchange } from '../../core/exchange.ts';
import { changed, code, key, moment, text } from '../columns.ts';
import type { Column, Make } from '../columns.ts';
import { kPlainWire } from '../http.ts';
import { PagedRest } from '../paged.ts';
import type { Page } from '../paged.ts';
import { Refusal } from '../rest.ts';
import type { Reach } from '../source.ts';
import { firm, latitude, longitude, prose } from '../values.ts';

const { sm3 } = createRequire(import.meta.url)('sm-crypto') as typeof import('sm-crypto');

const kRules = {
  R001: '已故人员领取低保',
  R002: '财政供养人员领取低保',
  R003: '公车节假日异常行驶',
  R004: '同一楼宇重复招商奖励',
  R005: '重大项目超期未招标',
};
const kLevels = { '1': '红', '2': '黄' };
const kStates = { '0': '新', '1': '核查', '2': '属实', '3': '排除', '9': '办结' };
const kWindowS = 120;
const kKnown = ['X-Remote-User', 'X-Remote-Org', 'X-Remote-Time', 'X-Remote-Sig'];

function decimalText(name: string, make: Make): Column {
  return { ...text(name, make), kind: 'decimal' };
}

export class QuIntegrity extends PagedRest {
  private readonly headerKey = randomBytes(16).toString('hex');

  constructor() {
    super('qu-integrity', { wire: kPlainWire, page: 'page', first: 1, size: 'size', maxSize: 100, since: 'since' });
    const clue = [
      { ...key('clue_id', (_, n) => 1000 + n), kind: 'integer' as const },
      code('rule', kRules),
      text('subject', firm),
      text('evidence', prose),
      code('level', kLevels),
      moment('found'),
      code('state', kStates),
      decimalText('lng', longitude),
      decimalText('lat', latitude),
      changed('updated_at'),
    ];
    this.table('clue', 260, clue, 'ZS-KJ-024');
  }

  protected override build(): void {
    for (const [name, table] of this.tables) this.api('get', `/lz/api/${name}`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('key');
    const sign = {
      secret: `env:${env}`,
      algorithm: 'sm3',
      text: 'svc_hub\nqu\n{timestamp}\n{method}\n{path}?{query}',
      header: 'X-Remote-Sig',
    };
    const headers = { 'X-Remote-User': 'svc_hub', 'X-Remote-Org': 'qu', 'X-Remote-Time': '{timestamp}' };
    return { source: { sign, headers }, env: { [env]: this.headerKey } };
  }

  protected override enter(x: Exchange): void {
    const sent = x.headerNames().filter((name) => /^x[-_]remote[-_]/i.test(name));
    const clean = sent.length === kKnown.length && kKnown.every((name) => x.headers(name.toLowerCase()).length === 1);
    if (!clean) throw new Refusal('403', 'identity headers are missing, doubled or unknown');
    const [user, org, time, sig] = kKnown.map((name) => x.header(name.toLowerCase()));
    const words = [user, org, time, x.method, x.target].join('\n');
    const key16 = Buffer.from(this.headerKey, 'utf8').toString('hex');
    if (sig !== sm3(words, { mode: 'hmac', key: key16 })) throw new Refusal('403', 'signature');
    if (Math.abs(this.now() / 1000 - Number(time)) > kWindowS) throw new Refusal('403', 'late');
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ error: refusal.message }, { status: refusal.code === '403' ? 403 : 400 });
  }

  protected override answer(x: Exchange, page: Page): void {
    x.sendJson({ total: page.total, items: page.rows });
  }
}
