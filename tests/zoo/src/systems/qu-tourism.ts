// qu-tourism: a Django site of 2019, UTF-8, behind nginx.
// Known: csrftoken cookie + masked csrfmiddlewaretoken, the token changes at sign-in, 403 page, ALLOWED_HOSTS, errorlist on a
// bad password, sign-out by POST only. Assumed: Referer (Django checks it on https, 2.2 to 3.2) and Origin (4.x) are both
// checked, as the district's site stands behind a TLS terminator.
import { randomInt } from 'node:crypto';
import { png } from '../core/assets.ts';
import type { Exchange } from '../core/exchange.ts';
import { esc, kPlaces, pad, pick, positive, table } from '../core/html.ts';
import { Sim } from '../core/sim.ts';
import { staticFile } from '../core/static.ts';
import type { Account } from '../core/types.ts';
import { percentEncode } from '../core/charset.ts';

const kAlphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const kSecretLength = 32;
const kTwoWeeks = 1209600;
const kYear = 31449600;
const kScenicCount = 24;
const kScenicNames = ['星海湾浴场', '老灯塔公园', '滨海木栈道', '青山森林公园', '港湾博物馆', '银滩露营地'];

function randomText(length: number): string {
  return Array.from({ length }, () => kAlphabet.charAt(randomInt(kAlphabet.length))).join('');
}

function shift(text: string, mask: string, sign: 1 | -1): string {
  const n = kAlphabet.length;
  return [...text]
    .map((c, i) => kAlphabet.charAt((kAlphabet.indexOf(c) + sign * kAlphabet.indexOf(mask.charAt(i)) + n) % n))
    .join('');
}

/** Django's salted token: another text on every page, the same secret inside. */
export function maskToken(secret: string): string {
  const mask = randomText(kSecretLength);
  return mask + shift(secret, mask, 1);
}

export function unmaskToken(token: string): string {
  if (token.length === kSecretLength) return token;
  return shift(token.slice(kSecretLength), token.slice(0, kSecretLength), -1);
}

export class QuTourism extends Sim {
  private feedback: { who: string; title: string; content: string }[] = [];

  override build(): void {
    this.asset(
      '/wl/static/css/site.css',
      'text/css',
      'body{font-family:sans-serif;background:#f4f8fb url("/wl/static/img/logo.png") no-repeat right top}',
    );
    this.asset('/wl/static/img/logo.png', 'image/png', png(120, 32, [23, 120, 160]));
    this.asset('/wl/static/js/site.js', 'application/javascript', staticFile('qu-tourism.js'));
    this.open('GET', '/', (x) => x.redirect(`${this.origin}/wl/`));
    this.open('GET', '/wl/login/', (x) => this.loginPage(x, ''));
    this.open('POST', '/wl/login/', (x) => this.login(x));
    this.open('POST', '/wl/logout/', (x) => this.logout(x));
    this.open('GET', '/wl/logout/', (x) => x.html(this.plain('405 Method Not Allowed'), { status: 405 }));
    this.page('GET', '/wl/', (x, who) => this.home(x, who));
    this.page('GET', '/wl/scenic/', (x, who) => this.list(x, who));
    this.page('GET', /^\/wl\/scenic\/(JQ\d{3})\/$/, (x, who) => this.detail(x, who));
    this.page('GET', '/wl/feedback/', (x, who) => this.feedbackForm(x, who));
    this.page('POST', '/wl/feedback/', (x) => this.feedbackPost(x));
    this.page('GET', /^\/wl\/feedback\/(\d+)\/$/, (x, who) => this.feedbackShow(x, who));
    this.page('GET', '/wl/api/flow/', (x, who) =>
      x.sendJson({ user: who.name, today: 18342, updated: '09:30', scenic: this.origin + '/wl/scenic/JQ001/' }),
    );
    this.page('POST', '/wl/api/favorite/', (x, who) => {
      if (this.csrf(x)) x.sendJson({ ok: true, user: who.name });
    });
    this.page('GET', '/wl/export/scenic/', (x) => this.download(x));
  }

  protected override enter(x: Exchange): Account | undefined {
    const session = this.sessions.touch(x.cookie(this.cookieName('sessionid')));
    if (this.badHost(x)) return undefined;
    if (session) {
      x.session = session.id;
      return session.account;
    }
    if (x.path.startsWith('/wl/api/')) x.sendJson({ detail: '身份认证信息未提供。' }, { status: 403 });
    else x.redirect(`/wl/login/?next=${x.target.replace(/\?/g, '%3F').replace(/&/g, '%26')}`);
    return undefined;
  }

  private badHost(x: Exchange): boolean {
    if (x.header('host') === new URL(this.origin).host) return false;
    this.note(x, 'refused', `DisallowedHost ${x.header('host')}`, { status: 400 });
    x.html(this.plain('Bad Request (400)'), { status: 400 });
    return true;
  }

  private csrfField(x: Exchange): string {
    const name = this.cookieName('csrftoken');
    let secret = x.cookie(name);
    if (secret === undefined || secret.length !== kSecretLength) secret = this.newCsrf(x);
    return `<input type="hidden" name="csrfmiddlewaretoken" value="${maskToken(secret)}">`;
  }

  private newCsrf(x: Exchange): string {
    const secret = randomText(kSecretLength);
    x.setCookie(this.cookieName('csrftoken'), secret, `Max-Age=${kYear}; Path=/; SameSite=Lax`);
    return secret;
  }

  /** True when the POST may go on; otherwise Django's 403 page has been sent. */
  private csrf(x: Exchange): boolean {
    const reason = this.csrfProblem(x);
    if (reason === '') return true;
    this.note(x, 'refused', `CSRF: ${reason}`, { status: 403 });
    x.html(
      `<html><head><title>403 Forbidden</title></head><body><h1>禁止访问 <span>(403)</span></h1>
<p>CSRF 验证失败. 请求被中断.</p><p>Reason given for failure: ${esc(reason)}</p></body></html>`,
      { status: 403 },
    );
    return false;
  }

  private csrfProblem(x: Exchange): string {
    const origin = x.headers('origin');
    if (origin.length > 0 && origin[0] !== this.origin)
      return `Origin checking failed - ${origin[0] ?? ''} does not match any trusted origins.`;
    const referer = x.header('referer');
    if (referer === '') return 'Referer checking failed - no Referer.';
    if (!referer.startsWith(this.origin + '/'))
      return `Referer checking failed - ${referer} does not match any trusted origins.`;
    const secret = x.cookie(this.cookieName('csrftoken'));
    if (secret === undefined) return 'CSRF cookie not set.';
    const sent = x.form().get('csrfmiddlewaretoken') || x.header('x-csrftoken');
    if (sent.length !== kSecretLength && sent.length !== 2 * kSecretLength) return 'CSRF token missing.';
    return unmaskToken(sent) === secret ? '' : 'CSRF token from POST incorrect.';
  }

  private layout(x: Exchange, title: string, body: string, who?: Account): void {
    const user = who
      ? `<p id="user">欢迎，${esc(who.name)}（${esc(who.org)}）</p>
<form id="logout" method="post" action="/wl/logout/">${this.csrfField(x)}<button>退出</button></form>
<nav><a href="/wl/">首页</a> <a href="${this.origin}/wl/scenic/">景区</a> <a href="/wl/feedback/">意见</a> <a href="/wl/export/scenic/">导出</a></nav>`
      : '';
    x.html(`<!DOCTYPE html>
<html lang="zh-hans"><head><meta charset="utf-8"><title>${esc(title)} - ${this.info.name_zh}</title>
<link rel="stylesheet" href="/wl/static/css/site.css"><script src="${this.origin}/wl/static/js/site.js" defer></script></head>
<body><img src="/wl/static/img/logo.png" alt="logo"><h1>${this.info.name_zh}</h1>
${user}<main>${body}</main></body></html>`);
  }

  private loginPage(x: Exchange, error: string): void {
    if (this.badHost(x)) return;
    const next = (x.method === 'POST' ? x.form() : x.query()).get('next');
    const list = error === '' ? '' : `<ul class="errorlist nonfield"><li>${error}</li></ul>`;
    this.layout(
      x,
      '登录',
      `<form id="login-form" method="post" action="/wl/login/">${this.csrfField(x)}${list}
<input type="text" name="username" id="id_username" autofocus required><input type="password" name="password" id="id_password" required>
<input type="hidden" name="next" value="${esc(next)}"><input type="submit" value="登录"></form>`,
    );
  }

  private login(x: Exchange): void {
    if (this.badHost(x) || !this.csrf(x)) return;
    const form = x.form();
    const account = this.accounts.find(form.get('username'));
    if (!account || account.password !== form.get('password')) {
      this.note(x, 'login_failed', `user ${form.get('username')}`, { account });
      return this.loginPage(x, '请输入一个正确的 用户名 和密码. 注意他们都是大小写敏感的.');
    }
    const session = this.sessions.create(account);
    x.account = account;
    x.session = session.id;
    this.newCsrf(x);
    x.setCookie(this.cookieName('sessionid'), session.id, `HttpOnly; Max-Age=${kTwoWeeks}; Path=/; SameSite=Lax`);
    this.note(x, 'login', '');
    const next = form.get('next');
    x.redirect(/^\/wl\/[\x21-\x7e]*$/.test(next) ? next : '/wl/');
  }

  private logout(x: Exchange): void {
    if (this.badHost(x) || !this.csrf(x)) return;
    const ended = this.sessions.end(x.cookie(this.cookieName('sessionid')) ?? '', 'logout');
    if (ended) this.note(x, 'logout', '', { account: ended.account, session: ended.id });
    x.setCookie(
      this.cookieName('sessionid'),
      '""',
      'expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax',
    );
    x.redirect('/wl/login/');
  }

  private home(x: Exchange, who: Account): void {
    this.layout(
      x,
      '首页',
      `<h2>今日客流</h2><p>实时客流：<span id="flow">…</span></p><button id="fav">收藏</button> <span id="fav-result"></span>
<ul><li><a href="/wl/scenic/?q=${percentEncode('灯塔', 'utf8')}">灯塔景区</a></li></ul>`,
      who,
    );
  }

  private list(x: Exchange, who: Account): void {
    const q = x.query().get('q');
    const rows: string[][] = [];
    for (let i = 1; i <= kScenicCount; i++) {
      const name = scenicName(i);
      if (name.includes(q))
        rows.push([`<a href="/wl/scenic/JQ${pad(i, 3)}/">JQ${pad(i, 3)}</a>`, esc(name), pick(['5A', '4A', '3A'], i)]);
    }
    this.layout(
      x,
      '景区',
      `<p>检索：<em id="q">${esc(q)}</em> 共 ${rows.length} 处</p>${table(['编号', '名称', '等级'], rows)}`,
      who,
    );
  }

  private detail(x: Exchange, who: Account): void {
    const n = positive((x.params[0] ?? '').slice(2), 1);
    this.layout(
      x,
      scenicName(n),
      `<h2>${scenicName(n)}</h2><p>地址：${pick(kPlaces, n)}</p><p>最大承载量：${n * 500} 人</p>
<a href="../">返回列表</a>`,
      who,
    );
  }

  private feedbackForm(x: Exchange, who: Account): void {
    this.layout(
      x,
      '意见',
      `<form id="feedback" method="post" action="">${this.csrfField(x)}<input name="title"><textarea name="content"></textarea>
<input type="submit" value="提交"></form>`,
      who,
    );
  }

  private feedbackPost(x: Exchange): void {
    if (!this.csrf(x)) return;
    const form = x.form();
    const bad = form.charsetProblem();
    if (bad !== '') this.note(x, 'refused', `charset: ${bad}`);
    this.feedback.push({ who: x.account?.name ?? '', title: form.get('title'), content: form.get('content') });
    x.redirect(`${this.origin}/wl/feedback/${this.feedback.length}/`);
  }

  private feedbackShow(x: Exchange, who: Account): void {
    const found = this.feedback[positive(x.params[0] ?? '', 0) - 1];
    if (!found) return x.html(this.plain('404 Not Found'), { status: 404 });
    this.layout(
      x,
      '意见已提交',
      `<p class="success">已提交</p><h2 id="title">${esc(found.title)}</h2><p id="content">${esc(found.content)}</p><p>提交人：${esc(found.who)}</p>`,
      who,
    );
  }

  private download(x: Exchange): void {
    const lines = ['code,name,level,capacity'];
    for (let i = 1; i <= kScenicCount; i++)
      lines.push(`JQ${pad(i, 3)},${scenicName(i)},${pick(['5A', '4A', '3A'], i)},${i * 500}`);
    const name = percentEncode('景区客流.csv', 'utf8');
    x.download(
      Buffer.from('\ufeff' + lines.join('\r\n') + '\r\n', 'utf8'),
      'text/csv; charset=utf-8',
      `attachment; filename*=UTF-8''${name}`,
    );
  }
}

function scenicName(i: number): string {
  return pick(kScenicNames, i) + (i > kScenicNames.length ? `${Math.ceil(i / kScenicNames.length)}期` : '');
}
