// ln-forestfire: PHP of 2016 behind Apache's Basic authentication; pages UTF-8, the JSON interface GBK.
// Known: Basic on every path, PHPSESSID with Path=/, DirectorySlash redirects to an absolute URL, file name header in raw bytes.
// Assumed: user names are Chinese and compared as GBK bytes; a PHPSESSID opened by another user is refused (PHP would not look).
import { randomBytes } from 'node:crypto';
import { png } from '../core/assets.ts';
import { decode, encode, looksUtf8 } from '../core/charset.ts';
import type { Exchange } from '../core/exchange.ts';
import { esc, kPlaces, pad, pick, positive, table } from '../core/html.ts';
import { Sim } from '../core/sim.ts';
import { staticFile } from '../core/static.ts';
import type { Account } from '../core/types.ts';

const kCookie = 'PHPSESSID';
const kHotspots = 36;
const kPageSize = 12;
const kVerify = ['未核查', '森林火情', '农用火', '工厂热源', '误报'];

export class LnForestfire extends Sim {
  override build(): void {
    this.open('GET', '/', (x) => x.redirect(`${this.origin}/fire/`));
    this.open('GET', '/fire', (x) => x.redirect(`${this.origin}/fire/`, 301));
    this.open('GET', '/fire/bye.html', (x) => x.html(this.plain('您已退出系统')));
    this.guarded('/fire/css/fire.css', 'text/css', 'body{background:#fff8f0}h1{color:#a30}');
    this.guarded('/fire/img/fire.png', 'image/png', png(64, 64, [220, 80, 20]));
    this.guarded('/fire/js/fire.js', 'application/javascript', staticFile('ln-forestfire.js'));
    this.page('GET', '/fire/', (x, who) => this.home(x, who));
    this.page('GET', '/fire/index.php', (x, who) => this.home(x, who));
    this.page('GET', '/fire/hot.php', (x, who) => this.list(x, who));
    this.page('GET', '/fire/hot_view.php', (x, who) => this.view(x, who));
    this.page('GET', '/fire/verify.php', (x, who) => this.verifyForm(x, who));
    this.page('POST', '/fire/verify.php', (x, who) => this.verify(x, who));
    this.page('GET', '/fire/api/summary.php', (x, who) =>
      x.sendJson({ total: kHotspots, duty: who.name, town: '青山街道' }, { charset: 'GBK' }),
    );
    this.page('GET', '/fire/download.php', (x) => this.download(x));
    this.page('GET', '/fire/logout.php', (x) => this.logout(x));
  }

  protected override enter(x: Exchange): Account | undefined {
    const account = this.basic(x);
    if (!account) {
      x.html(this.plain('401 Authorization Required'), {
        status: 401,
        headers: { 'WWW-Authenticate': 'Basic realm="ForestFire"' },
      });
      return undefined;
    }
    x.account = account;
    const name = this.cookieName(kCookie);
    const session = this.sessions.touch(x.cookie(name));
    if (session && session.account.username !== account.username) {
      this.note(x, 'refused', `${kCookie} of ${session.account.name} with the Basic credentials of ${account.name}`, {
        status: 403,
      });
      x.html(this.plain('403 Forbidden'), { status: 403 });
      return undefined;
    }
    x.session = session?.id ?? this.newSession(x, account);
    return account;
  }

  private newSession(x: Exchange, account: Account): string {
    const session = this.sessions.create(account, randomBytes(13).toString('hex'));
    session.data['token'] = randomBytes(8).toString('hex');
    x.session = session.id;
    x.setCookie(this.cookieName(kCookie), session.id, 'path=/');
    this.note(x, 'login', x.cookie(this.cookieName(kCookie)) === undefined ? '' : 'session was gone, new one');
    return session.id;
  }

  /** The account, or undefined: nothing sent, not Basic, wrong bytes, wrong password. */
  private basic(x: Exchange): Account | undefined {
    const sent = x.headers('authorization');
    if (sent.length === 0) return undefined;
    const match = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(sent[0] ?? '');
    const bytes = Buffer.from(match?.[1] ?? '', 'base64');
    const colon = bytes.indexOf(0x3a);
    if (!match || sent.length > 1 || colon < 0) {
      this.note(x, 'refused', 'Authorization is not one well-formed Basic header', { status: 401 });
      return undefined;
    }
    const user = bytes.subarray(0, colon);
    if (looksUtf8(user)) this.note(x, 'refused', 'charset: user name in UTF-8, GBK expected', { status: 401 });
    const account = this.accounts.find(decode(user, 'GBK'));
    if (account && account.password === decode(bytes.subarray(colon + 1), 'GBK')) return account;
    this.note(x, 'login_failed', `user ${decode(user, 'GBK')}`, { account, status: 401 });
    return undefined;
  }

  private layout(x: Exchange, who: Account, title: string, body: string): void {
    x.html(`<!DOCTYPE html><html><head><meta charset="UTF-8"><title>${title} - ${this.info.name_zh}</title>
<link rel="stylesheet" href="/fire/css/fire.css"></head><body><img src="${this.origin}/fire/img/fire.png" alt=""><h1>${this.info.name_zh}</h1>
<p>值班员：<b id="user">${esc(who.name)}</b>（${esc(who.org)}） <a href="/fire/">首页</a> <a href="hot.php?page=1">热点</a> <a href="${this.origin}/fire/download.php">下载</a> <a href="logout.php">退出</a></p>
${body}<script src="js/fire.js"></script></body></html>`);
  }

  private home(x: Exchange, who: Account): void {
    this.layout(x, who, '首页', '<p>今日热点：<span id="summary">…</span></p>');
  }

  private list(x: Exchange, who: Account): void {
    const page = positive(x.query().get('page'), 1);
    const ids = Array.from({ length: kHotspots }, (_, i) => i + 1).slice((page - 1) * kPageSize, page * kPageSize);
    const rows = ids.map((i) => [
      `<a href="hot_view.php?id=HOT${pad(i, 5)}">HOT${pad(i, 5)}</a>`,
      pick(kPlaces, i),
      pick(kVerify, i),
    ]);
    const next = page * kPageSize < kHotspots ? `<a href="?page=${page + 1}">下一页</a>` : '';
    this.layout(x, who, '热点', table(['编号', '位置', '核查'], rows) + next);
  }

  private view(x: Exchange, who: Account): void {
    const id = x.query().get('id');
    const i = positive(id.slice(3), 1);
    this.layout(
      x,
      who,
      '热点详情',
      `<p>编号：${esc(id)} 位置：${pick(kPlaces, i)} 面积：${(i * 0.3).toFixed(1)} 公顷</p><a href="verify.php?id=${esc(id)}">核查</a>`,
    );
  }

  private sessionToken(x: Exchange): string {
    return String(this.sessions.touch(x.session)?.data['token'] ?? '');
  }

  private verifyForm(x: Exchange, who: Account): void {
    const options = kVerify.map((v, i) => `<option value="${i}">${v}</option>`).join('');
    this.layout(
      x,
      who,
      '核查',
      `<form method="post" action="/fire/verify.php"><input type="hidden" name="id" value="${esc(x.query().get('id'))}">
<input type="hidden" name="token" value="${this.sessionToken(x)}"><select name="verify">${options}</select><textarea name="note"></textarea><button>提交</button></form>`,
    );
  }

  private verify(x: Exchange, who: Account): void {
    const form = x.form();
    if (form.get('token') !== this.sessionToken(x)) {
      this.note(x, 'refused', 'form token of another PHP session', { status: 403 });
      return x.html(this.plain('非法提交'), { status: 403 });
    }
    const problem = form.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    this.layout(
      x,
      who,
      '核查结果',
      `<p>已保存：${esc(form.get('id'))} ${pick(kVerify, Number(form.get('verify')))}</p><p id="note">${esc(form.get('note'))}</p>`,
    );
  }

  private download(x: Exchange): void {
    const lines = Array.from(
      { length: kHotspots },
      (_, i) => `HOT${pad(i + 1, 5)},${pick(kPlaces, i + 1)},１２．${i % 10}`,
    );
    const name = encode('热点清单.csv', 'utf8').toString('latin1');
    x.download(
      encode(['编号,位置,面积', ...lines].join('\r\n'), 'GBK'),
      'text/csv;charset=GBK',
      `attachment; filename="${name}"`,
    );
  }

  private logout(x: Exchange): void {
    const ended = this.sessions.end(x.session ?? '', 'logout');
    if (ended) this.note(x, 'logout', '');
    x.setCookie(this.cookieName(kCookie), 'deleted', 'expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/');
    x.redirect('bye.html');
  }
}
