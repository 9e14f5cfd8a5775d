// qu-integrity: Java service of 2021 that believes signed headers of the gateway. No session, no cookie.
// Assumed as a whole (the catalogue only says "HMAC-SM3 header"): the signed text, 120 s of skew, refusal of every X-Remote-* that
// comes twice, with an underscore (a Java container folds '_' and '-'), or is not one of the four.
import { createRequire } from 'node:module';
import { timingSafeEqual } from 'node:crypto';
import { png } from '../core/assets.ts';
import { percentEncode } from '../core/charset.ts';
import type { Exchange } from '../core/exchange.ts';
import { esc, personName, pick, positive, table } from '../core/html.ts';
import { Sim } from '../core/sim.ts';
import { staticFile } from '../core/static.ts';
import type { Account } from '../core/types.ts';

const { sm3 } = createRequire(import.meta.url)('sm-crypto') as typeof import('sm-crypto');

const kSkewS = 120;
const kHeaders = ['x-remote-user', 'x-remote-org', 'x-remote-time', 'x-remote-sig'];
const kClues = 14;
const kRules = [
  '已故人员领取低保',
  '财政供养人员领取低保',
  '公车节假日异常行驶',
  '同一楼宇重复招商奖励',
  '重大项目超期未招标',
];

export class QuIntegrity extends Sim {
  override build(): void {
    this.open('GET', '/', (x) => x.redirect(`${this.origin}/lz/`));
    this.guarded('/lz/css/lz.css', 'text/css', 'body{background:#f7f2f2}');
    this.guarded('/lz/img/lz.png', 'image/png', png(90, 30, [120, 0, 0]));
    this.guarded('/lz/js/lz.js', 'text/javascript', staticFile('qu-integrity.js'));
    this.page('GET', '/lz/', (x, who) => this.layout(x, who, '首页', '<p>待核线索：<span id="clues">…</span></p>'));
    this.page('GET', '/lz/clue/', (x, who) => this.list(x, who));
    this.page('GET', /^\/lz\/clue\/(\d{4})$/, (x, who) => this.detail(x, who));
    this.page('POST', /^\/lz\/clue\/(\d{4})\/check$/, (x, who) => this.check(x, who));
    this.page('GET', '/lz/api/clue', (x, who) =>
      x.sendJson({
        user: who.name,
        total: kClues,
        list: [1001, 1002].map((id) => ({ clue_id: id, rule: pick(kRules, id) })),
      }),
    );
    this.page('GET', '/lz/export', (x) => this.download(x));
  }

  /** The shared key was changed at the source. */
  override changePassword(username: string | undefined): boolean {
    return username === undefined && this.accounts.rotate('header_key', 'hex');
  }

  protected override enter(x: Exchange): Account | undefined {
    const values: Record<string, string> = {};
    for (const name of x.headerNames()) {
      const folded = name.toLowerCase().replace(/_/g, '-');
      if (!folded.startsWith('x-remote-')) continue;
      if (name.includes('_')) return this.refuse(x, `${name}: spelling with underscore`);
      if (!kHeaders.includes(folded)) return this.refuse(x, `${name}: unknown identity header`);
      if (folded in values) return this.refuse(x, `${name}: sent twice`);
      values[folded] = x.header(folded);
    }
    const missing = kHeaders.find((h) => !values[h]);
    if (missing !== undefined) return this.refuse(x, `${missing} is missing`);
    return this.verify(x, values);
  }

  private verify(x: Exchange, values: Record<string, string>): Account | undefined {
    const [user = '', org = '', time = '', signature = ''] = kHeaders.map((h) => values[h] ?? '');
    const text = [user, org, time, x.method, x.target].join('\n');
    const key = Buffer.from(this.accounts.secret('header_key'), 'utf8').toString('hex');
    const wanted = Buffer.from(sm3(text, { mode: 'hmac', key }), 'hex');
    const sent = /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(32);
    if (!timingSafeEqual(wanted, sent)) return this.refuse(x, 'X-Remote-Sig is wrong');
    if (!/^\d{10}$/.test(time) || Math.abs(this.now() / 1000 - Number(time)) > kSkewS)
      return this.refuse(x, `X-Remote-Time ${time}: more than ${kSkewS} s off`);
    const account = this.accounts.find(unescapeUtf8(user));
    if (!account) return this.refuse(x, `no such person: ${user}`);
    if (unescapeUtf8(org) !== account.org) return this.refuse(x, `X-Remote-Org is not ${account.org}`);
    return account;
  }

  private refuse(x: Exchange, why: string): undefined {
    this.note(x, 'refused', why, { status: 403 });
    if (x.path.startsWith('/lz/api/')) x.sendJson({ error: 'forbidden', message: '未授权的访问来源' }, { status: 403 });
    else x.html(this.plain('403 未授权的访问来源'), { status: 403 });
    return undefined;
  }

  private layout(x: Exchange, who: Account, title: string, body: string): void {
    x.html(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>${title} - ${this.info.name_zh}</title><link rel="stylesheet" href="/lz/css/lz.css"></head>
<body><img src="${this.origin}/lz/img/lz.png" alt=""><h1>${this.info.name_zh}</h1><p>当前用户：<b id="user">${esc(who.name)}</b>（${esc(who.org)}）
<a href="/lz/">首页</a> <a href="${this.origin}/lz/clue/">线索</a> <a href="/lz/export">导出</a></p>${body}<script src="/lz/js/lz.js"></script></body></html>`);
  }

  private list(x: Exchange, who: Account): void {
    const rows = Array.from({ length: kClues }, (_, i) => 1001 + i).map((id) => [
      `<a href="/lz/clue/${id}">${id}</a>`,
      pick(kRules, id),
      personName(id),
    ]);
    this.layout(x, who, '线索', table(['线索号', '规则', '对象'], rows));
  }

  private detail(x: Exchange, who: Account): void {
    const id = positive(x.params[0] ?? '', 1001);
    this.layout(
      x,
      who,
      '线索详情',
      `<p>线索 ${id}：${pick(kRules, id)}，对象 ${personName(id)}</p>
<form method="post" action="/lz/clue/${id}/check"><textarea name="opinion"></textarea><button>核查</button></form>`,
    );
  }

  private check(x: Exchange, who: Account): void {
    const form = x.form();
    const problem = form.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    this.layout(
      x,
      who,
      '核查结果',
      `<p>线索 ${x.params[0] ?? ''} 核查意见：<b id="opinion">${esc(form.get('opinion'))}</b>，核查人：${esc(who.name)}</p>`,
    );
  }

  private download(x: Exchange): void {
    const name = percentEncode('风险线索.csv', 'utf8');
    const rows = Array.from({ length: kClues }, (_, i) => `${1001 + i},${pick(kRules, 1001 + i)}`);
    x.download(
      Buffer.from(['线索号,规则', ...rows].join('\n'), 'utf8'),
      'text/csv;charset=UTF-8',
      `attachment; filename*=UTF-8''${name}`,
    );
  }
}

function unescapeUtf8(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '\ufffd';
  }
}
