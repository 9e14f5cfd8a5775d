// qu-opinion: REST pages; every request is signed (HMAC-SM3 over the sorted query); errors are XML with status 200.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Exchange } from '../../core/exchange.ts';
import { changed, code, day, key, moment, text } from '../columns.ts';
import { kPlainWire } from '../http.ts';
import { PagedRest } from '../paged.ts';
import type { Page } from '../paged.ts';
import { Refusal } from '../rest.ts';
import type { Reach } from '../source.ts';
import { address, bureau, digits, firm, oneOf, person, phone, prose, serial, street } from '../values.ts';

const { sm3 } = createRequire(import.meta.url)('sm-crypto') as typeof import('sm-crypto');

const kSources = { '1': 'APP', '2': '小程序', '3': '公众号', '4': '代表委员', '5': '网格员' };
const kStates = { '0': '新', '1': '受理', '2': '分流', '3': '办理', '4': '反馈', '5': '办结', '6': '退回' };
const kSatisfied = { '1': '满意', '2': '基本满意', '3': '不满意', '0': '未评' };
const kWindowMs = 120_000;

export class QuOpinion extends PagedRest {
  private readonly secret = randomBytes(16).toString('hex');
  private failing = false;

  constructor() {
    super('qu-opinion', { wire: kPlainWire, page: 'page', first: 1, size: 'size', maxSize: 100, since: 'utime' });
    const time = changed('utime');
    this.table('rep', 90, [key('rep_no', serial('DB', 4)), text('rep_name', person), text('unit', bureau), text('street', street), day('elected_on', 'electedOn'), time], 'ZS-DJ-030');
    this.table('company', 140, [key('no', serial('QY', 8)), text('company', firm), text('content', prose), code('state', kStates), moment('ctime'), time], 'ZS-QY-021');
    const opinion = [
      key('no', serial('SQMY2026', 8)),
      code('src', kSources),
      text('reporter', person, 'name'),
      text('phone', phone),
      text('cat', digits(4)),
      text('content', prose),
      text('addr', address),
      text('street', street),
      moment('ctime'),
      code('state', kStates),
      text('reply', prose),
      code('sat', kSatisfied),
      time,
    ];
    this.table('opinion', 2271, opinion, 'ZS-SQ-019');
    this.table('talk', 60, [key('no', serial('KT', 6)), text('meeting', oneOf(['代表恳谈会', '委员恳谈会'])), text('content', prose), day('held_on', 'heldOn'), time], 'ZS-SQ-020');
  }

  /** fail {on}: an error page of the application server, in XML, status 200. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'fail') return super.act(what, body);
    this.failing = body['on'] !== false;
    return { ok: true };
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.failing = false;
  }

  protected override build(): void {
    for (const [name, table] of this.tables) this.api('get', `/sqmy/api/${name}/list`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('key');
    const sign = { secret: `env:${env}`, algorithm: 'sm3', text: '{timestamp}\n{query_sorted}', header: 'X-Sqmy-Sign' };
    return { source: { sign, headers: { 'X-Sqmy-Time': '{timestamp}' } }, env: { [env]: this.secret } };
  }

  protected override enter(x: Exchange): void {
    if (this.failing) throw new Refusal('500', '系统繁忙');
    const time = x.header('x-sqmy-time');
    if (!/^\d{10}$/.test(time) || Math.abs(this.now() - Number(time) * 1000) > kWindowMs)
      throw new Refusal('CLOCK_SKEW', '时间戳超出范围');
    const query = x.query();
    const sorted = query
      .names()
      .map((name) => `${name}=${query.get(name)}`)
      .sort();
    const wanted = sm3(`${time}\n${sorted.join('&')}`, { mode: 'hmac', key: this.secretHex() });
    if (x.header('x-sqmy-sign') !== wanted) throw new Refusal('AUTH_FAILED', '签名错误');
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    const body = `<code>${refusal.code}</code><message>${refusal.message}</message>`;
    x.text(`<?xml version="1.0" encoding="UTF-8"?><error>${body}</error>`, 'text/xml');
  }

  protected override answer(x: Exchange, page: Page): void {
    x.sendJson({ rows: page.rows, total: page.total });
  }

  /** The key is used as text; the library takes hexadecimal. */
  private secretHex(): string {
    return Buffer.from(this.secret, 'utf8').toString('hex');
  }
}
