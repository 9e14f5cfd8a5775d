// dl-8890: JSP on WebLogic, about 2010, every byte in GBK.
// Known (public descriptions of such systems): outcome of the sign-in only in a script, status always 200, JSESSIONID with
// Path=/, one session per account, raw GBK bytes in a download's file name. Assumed: the unit (dept) is part of the sign-in.
import { randomBytes } from 'node:crypto';
import { png } from '../core/assets.ts';
import { encode, percentEncode } from '../core/charset.ts';
import type { Exchange } from '../core/exchange.ts';
import { esc, kMatters, kPlaces, pad, personName, pick, positive, table } from '../core/html.ts';
import { Sim } from '../core/sim.ts';
import { staticFile } from '../core/static.ts';
import type { Account } from '../core/types.ts';

const kCookie = 'JSESSIONID';
const kPageSize = 10;
const kOrders = 47;
const kExpired = `<script>alert('登录超时，请重新登录');top.location.href='/ms8890/login.jsp';</script>`;
const kKicked = `<script>alert('您的账号已在其他地方登录，您被迫下线！');top.location.href='/ms8890/login.jsp';</script>`;

function orderNo(i: number): string {
  return `DL2026112${pad(i, 9)}`;
}

/** WebLogic ids end in !<server hash>!<number>: a cookie value that strict parsers dislike. */
function weblogicId(): string {
  return `${randomBytes(26).toString('base64url')}!-${randomBytes(3).readUIntBE(0, 3)}!1`;
}

export class Dl8890 extends Sim {
  private opinions = new Map<string, string>();
  private known = new Set<string>();

  override build(): void {
    this.asset(
      '/ms8890/css/ms.css',
      'text/css',
      'body{font:12px 宋体,SimSun,serif;background:#eef3fa}table{border-collapse:collapse}td,th{border:1px solid #9ab}',
    );
    this.asset('/ms8890/images/top.png', 'image/png', png(200, 40, [180, 30, 30]));
    this.script('/ms8890/js/ms.js', 'application/x-javascript', staticFile('dl-8890.js'));
    this.open('GET', '/', (x) => x.redirect(`${this.origin}/ms8890/login.jsp`));
    this.open('GET', '/ms8890/', (x) => x.redirect(`${this.origin}/ms8890/login.jsp`));
    this.open('GET', '/ms8890/login.jsp', (x) => this.loginPage(x));
    this.open('POST', '/ms8890/check.jsp', (x) => this.check(x));
    this.open('GET', '/ms8890/logout.jsp', (x) => this.logout(x));
    this.page('GET', '/ms8890/main.jsp', (x, who) => this.main(x, who));
    this.page('GET', '/ms8890/top.jsp', (x, who) =>
      this.frame(
        x,
        `<img src="images/top.png">欢迎您：<b id="user">${esc(who.name)}</b>（${esc(who.org)}） 待办 <span id="db">…</span> 件 <a href="logout.jsp" target="_top">退出</a><iframe src="refresh.jsp" width="1" height="1"></iframe>`,
      ),
    );
    this.page('GET', '/ms8890/left.jsp', (x) =>
      this.frame(
        x,
        `<a href="gd/dblist.jsp?page=1" target="main">待办工单</a><br><a href="${this.origin}/ms8890/gd/search.jsp?key=${percentEncode('供热', 'gbk')}" target="main">供热工单</a><br><a href="gd/search.jsp?key=停水" target="main">停水工单</a><br><a href="gd/export.jsp">导出</a>`,
      ),
    );
    this.page('GET', '/ms8890/refresh.jsp', (x) => x.html('<meta http-equiv="refresh" content="300">'));
    this.page('GET', '/ms8890/gd/dblist.jsp', (x) => this.list(x));
    this.page('GET', '/ms8890/gd/view.jsp', (x) => this.view(x));
    this.page('GET', '/ms8890/gd/search.jsp', (x) => this.search(x));
    this.page('POST', '/ms8890/gd/deal.jsp', (x, who) => this.deal(x, who));
    this.page('GET', '/ms8890/gd/count.jsp', (x, who) => x.text(`{"db":${kOrders},"name":"${who.name}"}`, 'text/html'));
    this.page('GET', '/ms8890/gd/export.jsp', (x) => this.exportFile(x));
  }

  protected override enter(x: Exchange): Account | undefined {
    const id = x.cookie(this.cookieName(kCookie));
    const session = this.sessions.touch(id);
    if (session) {
      x.session = session.id;
      return session.account;
    }
    const kicked = this.sessions.whyEnded(id)?.reason === 'kicked';
    x.html(kicked ? kKicked : kExpired);
    return undefined;
  }

  private loginPage(x: Exchange): void {
    const id = x.cookie(this.cookieName(kCookie));
    if (id === undefined || !this.known.has(id)) {
      if (x.query().get('ck') === '1' && id === undefined)
        return x.html(`<script>alert('请启用浏览器Cookie');</script>`);
      const fresh = weblogicId();
      this.known.add(fresh);
      x.setCookie(this.cookieName(kCookie), fresh, 'path=/');
      return x.redirect(`${this.origin}/ms8890/login.jsp?ck=1`);
    }
    const depts = [...new Set(['区政府办公室', ...this.deptNames()])];
    const options = depts.map((d) => `<option value="${d}">${d}</option>`).join('');
    x.html(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=GBK"><title>${this.info.name_zh}</title>
<link rel="stylesheet" href="css/ms.css"><script src="js/ms.js"></script></head><body>
<h1>${this.info.name_zh}</h1><form name="loginForm" method="post" action="check.jsp" onsubmit="return checkForm(this)">
单位：<select name="dept">${options}</select> 用户名：<input type="text" name="username"> 密码：<input type="password" name="password">
<input type="submit" value="登录"></form></body></html>`);
  }

  private deptNames(): string[] {
    return this.accounts.all().map((a) => a.dept ?? a.org);
  }

  private check(x: Exchange): void {
    const form = x.form();
    const id = x.cookie(this.cookieName(kCookie));
    if (id === undefined || !this.known.has(id)) return x.html(kExpired);
    const problem = form.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    const account = this.accounts.find(form.get('username'));
    if (!account || account.password !== form.get('password')) {
      this.note(x, 'login_failed', `user ${form.get('username')}`, { account });
      return x.html(`<script>alert('用户名或密码不正确');history.back();</script>`);
    }
    if (form.get('dept') !== (account.dept ?? account.org)) {
      this.note(x, 'login_failed', `dept ${form.get('dept')}`, { account });
      return x.html(`<script>alert('所属单位不正确');history.back();</script>`);
    }
    for (const other of this.sessions.ofAccount(account.username)) {
      if (other.id === id) continue;
      this.sessions.end(other.id, 'kicked');
      this.note(x, 'kicked', 'second login of the account', { account, session: other.id });
    }
    this.sessions.create(account, id);
    x.account = account;
    x.session = id;
    this.note(x, 'login', '');
    x.html(`<script>top.location='main.jsp'</script>`);
  }

  private logout(x: Exchange): void {
    const id = x.cookie(this.cookieName(kCookie)) ?? '';
    const ended = this.sessions.end(id, 'logout');
    this.known.delete(id);
    if (ended) this.note(x, 'logout', '', { account: ended.account, session: ended.id });
    x.html(`<script>top.location='/ms8890/login.jsp'</script>`);
  }

  private main(x: Exchange, who: Account): void {
    x.html(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=GBK"><title>${this.info.name_zh} - ${esc(who.name)}</title></head>
<frameset rows="60,*" border="0"><frame name="top" src="top.jsp"><frameset cols="160,*"><frame name="left" src="${this.origin}/ms8890/left.jsp">
<frame name="main" src="/ms8890/gd/dblist.jsp?page=1"></frameset>
<noframes><body>${this.info.name_zh} 欢迎您：${esc(who.name)}</body></noframes></frameset></html>`);
  }

  private frame(x: Exchange, body: string): void {
    const base = x.path.startsWith('/ms8890/gd/') ? '../' : '';
    x.html(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=GBK"><title>${this.info.name_zh}</title>
<link rel="stylesheet" href="${base}css/ms.css"><script src="${base}js/ms.js"></script></head><body>${body}</body></html>`);
  }

  private list(x: Exchange): void {
    const page = positive(x.query().get('page'), 1);
    const rows: string[][] = [];
    for (let i = (page - 1) * kPageSize + 1; i <= Math.min(page * kPageSize, kOrders); i++) {
      const state = this.opinions.has(orderNo(i)) ? '已办结' : '在办';
      rows.push([
        `<a href="view.jsp?gdbh=${orderNo(i)}">${orderNo(i)}</a>`,
        personName(i),
        pick(kMatters, i),
        pick(kPlaces, i),
        state,
      ]);
    }
    const next =
      page * kPageSize < kOrders
        ? `<a href="dblist.jsp?page=${page + 1}&zt=${percentEncode('在办', 'gbk')}">下一页</a>`
        : '';
    this.frame(x, `<h3>待办工单</h3>${table(['工单编号', '联系人', '内容', '地址', '状态'], rows)}${next}`);
  }

  private view(x: Exchange): void {
    const no = x.query().get('gdbh');
    const i = positive(no.slice(9), 1);
    this.frame(
      x,
      `<h3>工单 ${esc(no)}</h3><p>联系人：${personName(i)} 地址：${pick(kPlaces, i)}</p><p>内容：${pick(kMatters, i)}，请尽快处理。</p>
<form method="post" action="deal.jsp"><input type="hidden" name="gdbh" value="${esc(no)}"><textarea name="bjyj"></textarea><input type="submit" value="办结"></form>
<a href="javascript:history.back()">返回</a>`,
    );
  }

  private search(x: Exchange): void {
    const query = x.query();
    const problem = query.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    const key = query.get('key');
    this.frame(
      x,
      `<h3>检索</h3><form method="get" action="search.jsp"><input name="key" value="${esc(key)}"><input type="submit" value="查询"></form>
<p>关键字：<b id="key">${esc(key)}</b>，共 3 条</p>`,
    );
  }

  private deal(x: Exchange, who: Account): void {
    const form = x.form();
    const problem = form.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    this.opinions.set(form.get('gdbh'), form.get('bjyj'));
    this.frame(
      x,
      `<h3>办结成功</h3><p>工单：${esc(form.get('gdbh'))}</p><p>办结意见：<b id="bjyj">${esc(form.get('bjyj'))}</b></p><p>办理人：${esc(who.name)}</p><a href="${this.origin}/ms8890/gd/dblist.jsp?page=1">返回列表</a>`,
    );
  }

  private exportFile(x: Exchange): void {
    const rows = Array.from(
      { length: kOrders },
      (_, i) => `${orderNo(i + 1)}\t${personName(i + 1)}\t${pick(kMatters, i + 1)}`,
    );
    const name = encode('工单导出.xls', 'gbk').toString('latin1');
    x.download(
      encode(['工单编号\t联系人\t内容', ...rows].join('\r\n'), 'gbk'),
      'application/vnd.ms-excel',
      `attachment; filename="${name}"`,
    );
  }
}
