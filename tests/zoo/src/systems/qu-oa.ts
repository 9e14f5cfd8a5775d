// qu-oa: Lotus Domino 7 style office automation of 2006, GB2312 pages, UTF-8 XML views, framesets, $ and ! in URLs.
// Known: LTPA v1 layout, login form with status 200 instead of an error, ?Logout, ReadViewEntries, cookie Domain of the
// organisation. Assumed: token life at most 7200 s, 60 s of clock grace; the DN is LMBCS in the Simplified Chinese group, whose
// bytes for Chinese are those of GBK (the form with the group byte 0x13 before each character is accepted too).
import { createHash } from 'node:crypto';
import { png } from '../core/assets.ts';
import { decode, encode, looksUtf8, percentDecode, percentEncode } from '../core/charset.ts';
import type { Exchange } from '../core/exchange.ts';
import { esc, pick, positive, table } from '../core/html.ts';
import { Sim } from '../core/sim.ts';
import { staticFile } from '../core/static.ts';
import type { Session } from '../core/sessions.ts';
import type { Account } from '../core/types.ts';
import { openLtpa, sealLtpa } from './ltpa.ts';

const kCookie = 'LtpaToken';
const kLifeS = 7200;
const kGraceS = 60;
const kDocs = 9;
const kTitles = ['关于做好冬季供热工作的通知', '关于召开安全生产例会的通知', '防汛值班安排', '信访件转办单'];

function unid(i: number): string {
  return createHash('md5').update(`doc${i}`).digest('hex').toUpperCase();
}

export class QuOa extends Sim {
  /** Tokens that were ended on the server (a new SSO document). */
  private dead = new Set<string>();
  private loggedOut = new Set<string>();

  override build(): void {
    this.asset('/oa/style.css', 'text/css', 'body{font:12px SimSun}td{padding:2px}');
    this.asset('/icons/oa.gif', 'image/png', png(48, 48, [200, 160, 20]));
    this.script('/oa/todo.js', 'application/x-javascript', staticFile('qu-oa.js'));
    this.open('GET', '/', (x) => x.redirect(`${this.origin}/oa/main.nsf?Open`));
    this.open('GET', '/oa/', (x) => x.redirect(`${this.origin}/oa/main.nsf?Open`));
    this.open('GET', '/names.nsf', (x) => this.names(x));
    this.open('POST', '/names.nsf', (x) => this.password(x));
    this.page('GET', '/oa/main.nsf', (x, who) => this.frames(x, who));
    this.page('GET', '/oa/main.nsf/top', (x, who) =>
      this.frame(
        x,
        `${this.info.name_zh} 您好，<b id="user">${esc(who.name)}</b>（${esc(who.org)}） 待办 <span id="count">…</span> <a href="/names.nsf?Logout" target="_top">注销</a><script src="/oa/todo.js"></script>`,
      ),
    );
    this.page('GET', '/oa/main.nsf/nav', (x) =>
      this.frame(
        x,
        `<a href="/oa/main.nsf/($todo)!OpenView" target="main">待办公文</a><br><a href="${this.origin}/oa/main.nsf/($all)!OpenView" target="main">全部公文</a>`,
      ),
    );
    this.page('GET', /^\/oa\/main\.nsf\/\(\$(?:todo|all)\)!OpenView$/, (x) => this.view(x));
    this.page('GET', '/oa/main.nsf/(todo)', (x, who) => this.entries(x, who));
    this.page('GET', /^\/oa\/main\.nsf\/0\/([0-9A-F]{32})$/, (x, who) => this.document(x, who));
    this.page('GET', /^\/oa\/main\.nsf\/0\/([0-9A-F]{32})\/\$File\/([^/]+)$/, (x) => this.file(x));
    this.page('POST', '/oa/main.nsf/opinion', (x, who) => this.opinion(x, who));
  }

  override changePassword(username: string | undefined): boolean {
    return username === undefined && this.accounts.rotate('ltpa_secret', 'base64');
  }

  override reset(): void {
    super.reset();
    this.dead.clear();
    this.loggedOut.clear();
  }

  protected override enter(x: Exchange): Account | undefined {
    const text = x.cookie(this.cookieName(kCookie));
    const result = text === undefined ? '' : this.check(text);
    if (text === undefined || typeof result === 'string') {
      if (result !== '') this.note(x, 'refused', `${kCookie}: ${result}`);
      this.loginForm(x, '');
      return undefined;
    }
    x.account = result;
    x.session = text;
    if (!this.sessions.touch(text)) {
      this.sessions.create(result, text);
      this.note(x, 'login', this.loggedOut.has(text) ? 'token used again after ?Logout' : '');
    }
    return result;
  }

  protected override expireOne(s: Session): void {
    this.dead.add(s.id);
    super.expireOne(s);
  }

  private secretBytes(): Buffer {
    return Buffer.from(this.accounts.secret('ltpa_secret'), 'base64');
  }

  /** The person, or why the token is refused. */
  private check(text: string): Account | string {
    const token = openLtpa(text, this.secretBytes());
    if (typeof token === 'string') return token;
    const now = this.now() / 1000;
    if (this.dead.has(text)) return 'ended on the server';
    if (token.createdS > now + kGraceS) return 'created in the future';
    if (token.expiresS <= now) return 'expired';
    if (token.expiresS - token.createdS > kLifeS) return `lives longer than ${kLifeS} s`;
    if (looksUtf8(token.user)) return 'user DN in UTF-8, LMBCS (GBK bytes) expected';
    const bytes = Buffer.from([...token.user].filter((b) => b !== 0x13));
    return this.accounts.find(decode(bytes, 'GBK')) ?? `no such user: ${decode(bytes, 'GBK')}`;
  }

  private loginForm(x: Exchange, message: string): void {
    x.html(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=GB2312"><title>服务器登录</title></head><body>
<form method="post" action="/names.nsf?Login" name="_DominoForm"><p>${message}</p>用户名 <input name="Username"> 口令 <input type="password" name="Password">
<input type="hidden" name="RedirectTo" value="/oa/main.nsf?Open"><input type="submit" value="登录"></form></body></html>`);
  }

  private names(x: Exchange): void {
    if (!/^logout/i.test(x.rawQuery)) return this.loginForm(x, '');
    const text = x.cookie(this.cookieName(kCookie)) ?? '';
    const ended = this.sessions.end(text, 'logout');
    if (ended) {
      this.loggedOut.add(text);
      this.note(x, 'logout', '', { account: ended.account, session: text });
    }
    x.setCookie(this.cookieName(kCookie), '', 'expires=Thu, 01 Jan 1970 00:00:00 GMT; domain=.dlzs.gov.local; path=/');
    x.html(this.plain('您已注销'));
  }

  /** The form that people used before there was a portal. */
  private password(x: Exchange): void {
    const form = x.form('GBK');
    const account = this.accounts.findBy((a) => a.username === form.get('Username') || a.name === form.get('Username'));
    if (!account || account.password !== form.get('Password')) {
      this.note(x, 'login_failed', `user ${form.get('Username')}`, { account });
      return this.loginForm(x, '您提供的用户名或口令无效');
    }
    const now = Math.floor(this.now() / 1000);
    const token = sealLtpa(now, now + kLifeS, encode(account.username, 'GBK'), this.secretBytes());
    x.setCookie(this.cookieName(kCookie), token, 'domain=.dlzs.gov.local; path=/');
    x.redirect(`${this.origin}/oa/main.nsf?Open`);
  }

  private frames(x: Exchange, who: Account): void {
    x.html(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=GB2312"><title>${this.info.name_zh} - ${esc(who.name)}</title></head>
<frameset rows="40,*"><frame name="top" src="/oa/main.nsf/top?OpenPage"><frameset cols="150,*"><frame name="nav" src="${this.origin}/oa/main.nsf/nav?OpenPage">
<frame name="main" src="/oa/main.nsf/($todo)!OpenView"></frameset><noframes><body>${this.info.name_zh} 您好，${esc(who.name)}</body></noframes></frameset></html>`);
  }

  private frame(x: Exchange, body: string): void {
    x.html(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=GB2312"><title>${this.info.name_zh}</title><link rel="stylesheet" href="/oa/style.css"></head>
<body><img src="/icons/oa.gif">${body}</body></html>`);
  }

  private view(x: Exchange): void {
    const rows = Array.from({ length: kDocs }, (_, i) => [
      `<a href="/oa/main.nsf/0/${unid(i)}?OpenDocument">${pick(kTitles, i)}</a>`,
      '区政府办公室',
    ]);
    this.frame(x, table(['标题', '来文单位'], rows));
  }

  private document(x: Exchange, who: Account): void {
    const id = x.params[0] ?? '';
    const i = Array.from({ length: kDocs }, (_, n) => unid(n)).indexOf(id);
    if (i < 0) return x.html(this.plain("HTTP Web Server: Couldn't find document"), { status: 404 });
    const title = pick(kTitles, i);
    this.frame(
      x,
      `<h3>${title}</h3><p>当前办理人：${esc(who.name)}</p><a href="/oa/main.nsf/0/${id}/$File/${percentEncode(title, 'GBK')}.doc">附件</a>
<form method="post" action="/oa/main.nsf/opinion?CreateDocument" name="_opinion"><input type="hidden" name="__Click" value="0"><input type="hidden" name="%%ModDate" value="0000000000000000">
<input type="hidden" name="unid" value="${id}"><textarea name="Opinion"></textarea><input type="submit" value="提交"></form>`,
    );
  }

  private opinion(x: Exchange, who: Account): void {
    const form = x.form('GBK');
    const problem = form.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    if (form.get('__Click') !== '0' || !form.has('%%ModDate')) this.note(x, 'refused', 'hidden Domino fields changed');
    this.frame(
      x,
      `<h3>表单已提交</h3><p>意见：<b id="opinion">${esc(form.get('Opinion'))}</b></p><p>签署人：${esc(who.name)}</p>`,
    );
  }

  private entries(x: Exchange, who: Account): void {
    const count = positive(/[?&]?count=(\d+)/i.exec(x.rawQuery)?.[1] ?? '', kDocs);
    const ids = Array.from({ length: Math.min(count, kDocs) }, (_, i) => i);
    if (/OutputFormat=JSON/i.test(x.rawQuery)) {
      const list = ids.map((i) => ({
        '@unid': unid(i),
        '@position': String(i + 1),
        title: pick(kTitles, i),
        handler: who.name,
      }));
      return x.sendJson({ '@toplevelentries': String(kDocs), viewentry: list }, { charset: 'UTF-8' });
    }
    const rows = ids.map(
      (i) =>
        `<viewentry position="${i + 1}" unid="${unid(i)}"><entrydata name="title"><text>${pick(kTitles, i)}</text></entrydata></viewentry>`,
    );
    x.text(
      `<?xml version="1.0" encoding="UTF-8"?>\n<viewentries toplevelentries="${kDocs}">${rows.join('')}</viewentries>`,
      'text/xml',
      { charset: 'UTF-8' },
    );
  }

  private file(x: Exchange): void {
    const name = decode(percentDecode(x.params[1] ?? ''), 'GBK');
    x.download(
      encode(`${name}\r\n正文`, 'GBK'),
      'application/msword',
      `attachment; filename="${encode(name, 'GBK').toString('latin1')}"`,
    );
  }
}
