// nat-salvation: Struts 1 JSP of 2009, GBK, one session per account.
// Known: hidden randomKey mixed into a script-side MD5, alert() pages with status 200, JSESSIONID with Path=/dbgl, a new id after
// sign-in (Tomcat's session-fixation guard). Assumed: the key lives 300 s and is tied to the session; 3 failures lock.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { png } from '../core/assets.ts';
import { encode, percentEncode } from '../core/charset.ts';
import type { Exchange } from '../core/exchange.ts';
import { esc, kPlaces, pad, personName, pick, positive, table } from '../core/html.ts';
import { Sim } from '../core/sim.ts';
import { staticFile } from '../core/static.ts';
import type { Account } from '../core/types.ts';

const kCookie = 'JSESSIONID';
const kKeyLifeMs = 300_000;
const kMaxFailures = 3;
const kFamilies = 33;
const kPageSize = 10;
const kExpired = `<script>alert('会话超时，请重新登录');window.top.location='/dbgl/login.jsp';</script>`;
const kKicked = `<script>alert('该账号已在别处登录，您已被迫退出');window.top.location='/dbgl/login.jsp';</script>`;
const kSorts = ['城市低保', '农村低保', '特困供养', '临时救助'];

interface LoginKey {
  session: string;
  atMs: number;
}

function md5(text: string): string {
  return createHash('md5').update(text, 'latin1').digest('hex');
}

function caseNo(i: number): string {
  return `DB210299${pad(i, 8)}`;
}

export class NatSalvation extends Sim {
  private keys = new Map<string, LoginKey>();
  private known = new Set<string>();

  override build(): void {
    this.asset('/dbgl/css/main.css', 'text/css', 'body{font:13px SimSun,serif}th{background:#d8e8d0}');
    this.asset('/dbgl/images/banner.png', 'image/png', png(300, 50, [40, 110, 60]));
    this.asset(
      '/dbgl/js/md5.js',
      'text/javascript',
      readFileSync(createRequire(import.meta.url).resolve('blueimp-md5/js/md5.min.js')),
    );
    this.script('/dbgl/js/login.js', 'text/javascript', staticFile('nat-salvation-login.js'));
    this.script('/dbgl/js/stat.js', 'text/javascript', staticFile('nat-salvation-stat.js'));
    this.open('GET', '/', (x) => x.redirect(`${this.origin}/dbgl/login.jsp`));
    this.open('GET', '/dbgl/', (x) => x.redirect(`${this.origin}/dbgl/login.jsp`));
    this.open('GET', '/dbgl/login.jsp', (x) => this.loginPage(x));
    this.open('POST', '/dbgl/login.do', (x) => this.login(x));
    this.open('GET', '/dbgl/logout.do', (x) => this.logout(x));
    this.page('GET', '/dbgl/index.jsp', (x, who) => this.index(x, who));
    this.page('GET', '/dbgl/blank.jsp', (x) => x.html(''));
    this.page('GET', '/dbgl/family/list.do', (x) => this.list(x));
    this.page('GET', '/dbgl/todo.jsp', (x) => this.todo(x));
    this.page('GET', '/dbgl/view.do', (x) => this.view(x));
    this.page('GET', '/dbgl/visit.do', (x) => this.visitForm(x));
    this.page('POST', '/dbgl/visit.do', (x, who) => this.visit(x, who));
    this.page('GET', '/dbgl/ajax/stat.do', (x, who) => x.sendJson({ hs: kFamilies, czr: who.name }));
    this.page('GET', '/dbgl/report.do', (x) => this.report(x));
  }

  protected override enter(x: Exchange): Account | undefined {
    const id = x.cookie(this.cookieName(kCookie));
    const session = this.sessions.touch(id);
    if (session) {
      x.session = session.id;
      return session.account;
    }
    x.html(this.sessions.whyEnded(id)?.reason === 'kicked' ? kKicked : kExpired);
    return undefined;
  }

  private newId(x: Exchange): string {
    const id = randomBytes(16).toString('hex').toUpperCase();
    this.known.add(id);
    x.setCookie(this.cookieName(kCookie), id, 'Path=/dbgl');
    return id;
  }

  private loginPage(x: Exchange): void {
    const sent = x.cookie(this.cookieName(kCookie));
    const id = sent !== undefined && this.known.has(sent) ? sent : this.newId(x);
    const key = randomBytes(8).toString('hex');
    this.keys.set(key, { session: id, atMs: this.now() });
    this.layout(
      x,
      '登录',
      `<form name="loginForm" method="post" action="/dbgl/login.do" onsubmit="return encodePwd(this)">
<input type="hidden" name="randomKey" value="${key}"><input type="hidden" name="pwd" value="">
用户名 <input type="text" name="loginName"> 口令 <input type="password" id="password"> <input type="submit" value="登 录"></form>
<script src="/dbgl/js/md5.js"></script><script src="/dbgl/js/login.js"></script>`,
    );
  }

  /** The key is burnt by the first use, right or wrong. */
  private takeKey(key: string, session: string | undefined): string {
    const found = this.keys.get(key);
    this.keys.delete(key);
    if (!found) return 'randomKey unknown or used before';
    if (found.session !== session) return 'randomKey belongs to another session';
    return this.now() - found.atMs > kKeyLifeMs ? 'randomKey too old' : '';
  }

  private login(x: Exchange): void {
    const form = x.form();
    const before = x.cookie(this.cookieName(kCookie));
    const keyProblem = this.takeKey(form.get('randomKey'), before);
    if (keyProblem !== '') {
      this.note(x, 'refused', keyProblem);
      return x.html(`<script>alert('页面已过期，请刷新后重新登录');history.back();</script>`);
    }
    const account = this.accounts.find(form.get('loginName'));
    if (!account) {
      this.note(x, 'login_failed', `unknown user ${form.get('loginName')}`);
      return x.html(`<script>alert('用户不存在');history.back();</script>`);
    }
    if (this.accounts.locked.has(account.username)) {
      this.note(x, 'login_failed', 'account is locked', { account });
      return x.html(`<script>alert('账号已锁定，请联系管理员');history.back();</script>`);
    }
    if (form.get('pwd') !== md5(md5(account.password).toUpperCase() + form.get('randomKey')))
      return this.failed(x, account);
    this.accounts.unlock(account.username);
    for (const other of this.sessions.ofAccount(account.username)) {
      this.sessions.end(other.id, 'kicked');
      this.note(x, 'kicked', 'second login of the account', { account, session: other.id });
    }
    if (before !== undefined) this.known.delete(before);
    const session = this.sessions.create(account, this.newId(x));
    x.account = account;
    x.session = session.id;
    this.note(x, 'login', '');
    x.redirect(`${this.origin}/dbgl/index.jsp`);
  }

  private failed(x: Exchange, account: Account): void {
    const count = this.accounts.fail(account.username, this.now());
    this.note(x, 'login_failed', `failure ${count}`, { account });
    if (count >= kMaxFailures) {
      this.accounts.locked.add(account.username);
      this.note(x, 'locked', `${count} failures`, { account });
      return x.html(`<script>alert('账号已锁定，请联系管理员');history.back();</script>`);
    }
    x.html(`<script>alert('密码错误');history.back();</script>`);
  }

  private logout(x: Exchange): void {
    const ended = this.sessions.end(x.cookie(this.cookieName(kCookie)) ?? '', 'logout');
    if (ended) this.note(x, 'logout', '', { account: ended.account, session: ended.id });
    x.redirect('/dbgl/login.jsp');
  }

  private layout(x: Exchange, title: string, body: string): void {
    x.html(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=GBK"><title>${title} - ${this.info.name_zh}</title>
<link rel="stylesheet" href="/dbgl/css/main.css">
<script language="vbscript">
Sub Window_OnLoad
  ' 旧版控件检查: <a href="/dbgl/activex.cab">
End Sub
</script></head><body><img src="/dbgl/images/banner.png"><h2>${this.info.name_zh}</h2>${body}</body></html>`);
  }

  private index(x: Exchange, who: Account): void {
    this.layout(
      x,
      '首页',
      `<p>当前用户：<b id="user">${esc(who.name)}</b> ${esc(who.org)} <a href="/dbgl/logout.do">退出</a></p>
<p>在册户数：<span id="hs">…</span></p><ul><li><a href="${this.origin}/dbgl/family/list.do?page=1">家庭列表</a></li><li><a href="todo.jsp">待办</a></li>
<li><a href="family/list.do?page=1&xm=${percentEncode('孙', 'gbk')}">孙姓家庭</a></li><li><a href="report.do?ny=202610">发放报表</a></li></ul>
<iframe src="/dbgl/blank.jsp" width="0" height="0"></iframe><script src="/dbgl/js/stat.js"></script>`,
    );
  }

  private list(x: Exchange): void {
    const query = x.query();
    const problem = query.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    const name = query.get('xm');
    const page = positive(query.get('page'), 1);
    const all = Array.from({ length: kFamilies }, (_, i) => i + 1).filter((i) => personName(i).includes(name));
    const rows = all
      .slice((page - 1) * kPageSize, page * kPageSize)
      .map((i) => [
        `<a href="/dbgl/view.do?ywbh=${caseNo(i)}">${caseNo(i)}</a>`,
        personName(i),
        pick(kSorts, i),
        `${500 + i * 13}.00`,
      ]);
    const next =
      page * kPageSize < all.length
        ? `<a href="list.do?page=${page + 1}&xm=${percentEncode(name, 'gbk')}">下一页</a>`
        : '';
    this.layout(
      x,
      '家庭列表',
      `<form action="/dbgl/family/list.do"><input name="xm" value="${esc(name)}"><input type="submit" value="查询"></form>
<p>户主姓名：<b id="xm">${esc(name)}</b> 共 ${all.length} 户</p>${table(['业务编号', '户主', '类别', '月补助'], rows)}${next}`,
    );
  }

  private todo(x: Exchange): void {
    const rows = [3, 7, 11].map((i) => [
      `<a href="/dbgl/view.do?ywbh=${caseNo(i)}">${caseNo(i)}</a>`,
      personName(i),
      '入户调查',
    ]);
    this.layout(x, '待办', table(['业务编号', '户主', '环节'], rows, 'id="todo"'));
  }

  private view(x: Exchange): void {
    const no = x.query().get('ywbh');
    const i = positive(no.slice(8), 1);
    this.layout(
      x,
      '家庭详情',
      `<p>业务编号：${esc(no)}</p><p>户主：${personName(i)} 住址：${pick(kPlaces, i)} 类别：${pick(kSorts, i)}</p>
<a href="/dbgl/visit.do?ywbh=${esc(no)}">入户调查</a> <a href="javascript:history.back()">返回</a>`,
    );
  }

  private visitForm(x: Exchange): void {
    this.layout(
      x,
      '入户调查',
      `<form method="post" action="/dbgl/visit.do"><input type="hidden" name="ywbh" value="${esc(x.query().get('ywbh'))}">
<textarea name="dcyj"></textarea><input type="submit" value="保存"></form>`,
    );
  }

  private visit(x: Exchange, who: Account): void {
    const form = x.form();
    const problem = form.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    this.layout(
      x,
      '保存成功',
      `<p>保存成功</p><p>业务编号：${esc(form.get('ywbh'))}</p><p>调查意见：<b id="dcyj">${esc(form.get('dcyj'))}</b></p><p>调查人：${esc(who.name)}</p>`,
    );
  }

  private report(x: Exchange): void {
    const lines = Array.from(
      { length: kFamilies },
      (_, i) => `${caseNo(i + 1)},${personName(i + 1)},${500 + (i + 1) * 13}.00`,
    );
    const name = percentEncode('低保金发放.csv', 'utf8');
    x.download(
      encode(['业务编号,户主,金额', ...lines].join('\r\n'), 'gbk'),
      'application/octet-stream',
      `attachment;filename=${name}`,
    );
  }
}
