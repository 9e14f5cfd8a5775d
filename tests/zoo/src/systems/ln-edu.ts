// ln-edu: ASP.NET WebForms 2.0 on IIS 7, UTF-8. Every navigation is a postback that carries 100 kB and more of view state.
// Known: hidden fields, __doPostBack, MAC and event validation errors (500), Forms authentication cookie, login redirect with
// lower-case escapes, paths without case. Assumed: ViewStateUserKey = session + user, custom errors off, the Forms ticket dies
// with the sign-out (the real one would stay valid until it expires).
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../core/exchange.ts';
import { percentEncode } from '../core/charset.ts';
import { esc, kPlaces, pad, personName, pick, positive, table } from '../core/html.ts';
import { png } from '../core/assets.ts';
import { Sim } from '../core/sim.ts';
import { staticFile } from '../core/static.ts';
import type { Account } from '../core/types.ts';
import { generator, ViewStateKeys } from './viewstate.ts';
import type { PageState } from './viewstate.ts';

const kStudents = 42;
const kPageSize = 10;
const kStateLifeMs = 1_200_000;
const kBallastBytes = 84_000;
const kTerms = ['20252', '20261', '20262'];
const kStates = ['在籍在校', '在籍不在校', '转出', '休学'];
const kMenu: [target: string, text: string, url: string][] = [
  ['ctl00$lnkHome', '首页', '/Default.aspx'],
  ['ctl00$lnkStudents', '学籍', '/Students.aspx'],
  ['ctl00$lnkTodo', '待办', '/Todo.aspx'],
  ['ctl00$lnkExport', '导出', '/Export.aspx'],
];
const kSessionCookie = 'ASP.NET_SessionId';
const kAuthCookie = '.ASPXAUTH';

interface View {
  title: string;
  body: string;
  /** What this page may post back: "target:argument" and "control=value". */
  offers: string[];
}

export class LnEdu extends Sim {
  private readonly keys = new ViewStateKeys();
  private readonly ballast = makeBallast();
  protected override ignoreCase = true;

  override build(): void {
    this.asset('/Styles/Site.css', 'text/css', 'body{font-family:"Microsoft YaHei"}#lblMsg{color:red}');
    this.asset('/Images/logo.png', 'image/png', png(160, 40, [90, 60, 160]));
    this.asset('/Scripts/Site.js', 'application/x-javascript', staticFile('ln-edu.js'));
    this.open('GET', '/', (x) => x.redirect('/Login.aspx'));
    this.open('GET', '/Login.aspx', (x) => this.loginPage(x, ''));
    this.open('POST', '/Login.aspx', (x) => this.login(x));
    const pages: [string, (x: Exchange, who: Account) => View | undefined][] = [
      ['/Default.aspx', (_x, who) => this.home(who)],
      ['/Students.aspx', (x) => this.students(x)],
      ['/Detail.aspx', (x) => this.detail(x)],
      ['/Todo.aspx', () => this.todo()],
      ['/Export.aspx', (x) => this.exportPage(x)],
    ];
    for (const [path, view] of pages) {
      this.page('GET', path, (x, who) => this.show(x, who, view(x, who)));
      this.page('POST', path, (x, who) => {
        if (!this.postback(x) || this.navigate(x, who)) return;
        this.show(x, who, view(x, who));
      });
    }
    this.page('POST', '/Alive.aspx', (x) => x.html('OK'));
    this.page('POST', '/Service.asmx/GetCount', (x, who) => x.sendJson({ d: { count: kStudents, name: who.name } }));
  }

  protected override enter(x: Exchange): Account | undefined {
    const session = this.sessions.touch(x.cookie(this.cookieName(kAuthCookie)));
    if (session && session.data['sid'] === x.cookie(this.cookieName(kSessionCookie))) {
      x.session = session.id;
      return session.account;
    }
    if (session)
      this.note(x, 'refused', `${kAuthCookie} and ${kSessionCookie} of different sessions`, {
        account: session.account,
      });
    if (/\.asmx\//i.test(x.path)) {
      x.sendJson(
        { Message: '身份验证失败。', StackTrace: null, ExceptionType: 'System.InvalidOperationException' },
        { status: 401 },
      );
    } else {
      x.redirect(`/Login.aspx?ReturnUrl=${encodeURIComponent(x.target).replace(/%../g, (m) => m.toLowerCase())}`);
    }
    return undefined;
  }

  private sessionId(x: Exchange): string {
    const sent = x.cookie(this.cookieName(kSessionCookie));
    if (sent !== undefined && /^[a-z0-5]{24}$/.test(sent)) return sent;
    const alphabet = 'abcdefghijklmnopqrstuvwxyz012345';
    const id = [...randomBytes(24)].map((b) => alphabet.charAt(b & 31)).join('');
    x.setCookie(this.cookieName(kSessionCookie), id, 'path=/; HttpOnly');
    return id;
  }

  private userKey(x: Exchange): string {
    return `${this.sessionId(x)}|${x.account?.username ?? ''}`;
  }

  /** The form around every page: hidden fields, menu, script. */
  private show(x: Exchange, who: Account | undefined, view: View | undefined): void {
    if (!view) return;
    const page = x.path.toLowerCase();
    const state: PageState = { page, userKey: this.userKey(x), atMs: this.now() };
    const menu = who ? [...kMenu.map(([t]) => t), 'ctl00$lnkLogout'] : [];
    const offers = [...view.offers, ...menu.map((t) => `${t}:`)];
    const links = menu
      .map(
        (t) =>
          `<a id="${t.replace('$', '_')}" href="javascript:__doPostBack('${t}','')">${kMenu.find(([m]) => m === t)?.[1] ?? '退出'}</a>`,
      )
      .join(' ');
    const user = who
      ? `<p>您好，<span id="ctl00_lblUser">${esc(who.name)}</span>（${esc(who.org)}） ${links} 学籍数 <span id="count">…</span></p>`
      : '';
    x.html(`<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>${esc(view.title)} - ${this.info.name_zh}</title><link href="/Styles/Site.css" rel="stylesheet" type="text/css" /></head>
<body><form name="aspnetForm" method="post" action="${esc(x.target.slice(1))}" id="aspnetForm">
<div><input type="hidden" name="__EVENTTARGET" id="__EVENTTARGET" value="" /><input type="hidden" name="__EVENTARGUMENT" id="__EVENTARGUMENT" value="" />
<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="${this.keys.seal(state, who ? this.ballast : undefined)}" /></div>
<div><input type="hidden" name="__VIEWSTATEGENERATOR" id="__VIEWSTATEGENERATOR" value="${generator(page)}" />
<input type="hidden" name="__EVENTVALIDATION" id="__EVENTVALIDATION" value="${this.keys.seal({ ...state, offers })}" /></div>
<img src="${this.origin}/Images/logo.png" alt="" /><h1>${this.info.name_zh}</h1>${user}
${view.body}</form><script src="/Scripts/Site.js" type="text/javascript"></script></body></html>`);
  }

  /** True when the postback is honest; otherwise the yellow page has been sent. A POST without view state is no postback. */
  private postback(x: Exchange): boolean {
    const form = x.form();
    const sealed = this.keys.unseal<PageState>(form.get('__VIEWSTATE'));
    const offered = this.keys.unseal<PageState & { offers: string[] }>(form.get('__EVENTVALIDATION'));
    const honest = (s: PageState | undefined): boolean =>
      s !== undefined &&
      s.page === x.path.toLowerCase() &&
      s.userKey === this.userKey(x) &&
      this.now() - s.atMs <= kStateLifeMs;
    if (!honest(sealed) || form.get('__VIEWSTATEGENERATOR') !== generator(x.path))
      return this.yellow(x, '验证视图状态 MAC 失败。', '__VIEWSTATE forged, foreign, or older than 1200 s');
    const posted: string[] = [];
    if (form.get('__EVENTTARGET') !== '') posted.push(`${form.get('__EVENTTARGET')}:${form.get('__EVENTARGUMENT')}`);
    for (const name of form.names()) if (/^(btn|ddl)/.test(name)) posted.push(`${name}=${form.get(name)}`);
    const stray = posted.find((p) => !offered?.offers.includes(p));
    if (!honest(offered) || stray !== undefined)
      return this.yellow(x, '回发或回调参数无效。', `event validation: ${stray ?? 'field forged'}`);
    const problem = form.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    return true;
  }

  private yellow(x: Exchange, message: string, note: string): false {
    this.note(x, 'refused', note, { status: 500 });
    x.html(
      `<html><head><title>${message}</title></head><body bgcolor="white"><h1>“/”应用程序中的服务器错误。<hr></h1><h2><i>${message}</i></h2></body></html>`,
      { status: 500 },
    );
    return false;
  }

  /** Menu clicks and sign-out. True when answered. */
  private navigate(x: Exchange, who: Account): boolean {
    const target = x.form().get('__EVENTTARGET');
    if (target === 'ctl00$lnkLogout') {
      this.sessions.end(x.session ?? '', 'logout');
      this.note(x, 'logout', '', { account: who });
      x.setCookie(this.cookieName(kAuthCookie), '', 'expires=Tue, 12-Oct-1999 00:00:00 GMT; path=/; HttpOnly');
      x.redirect('/Login.aspx');
      return true;
    }
    const url = kMenu.find(([t]) => t === target)?.[2];
    if (url !== undefined) x.redirect(url === '/Todo.aspx' ? this.origin + url : url);
    return url !== undefined;
  }

  private loginPage(x: Exchange, message: string): void {
    const options = kTerms.map((t) => `<option value="${t}">${t.slice(0, 4)}学年第${t.slice(4)}学期</option>`).join('');
    this.show(x, undefined, {
      title: '登录',
      body: `用户名 <input name="txtUser" type="text" id="txtUser" /> 密码 <input name="txtPwd" type="password" id="txtPwd" />
<select name="ddlTerm" id="ddlTerm">${options}</select> <input type="submit" name="btnLogin" value="登 录" id="btnLogin" /><span id="lblMsg">${message}</span>`,
      offers: ['btnLogin=登 录', ...kTerms.map((t) => `ddlTerm=${t}`)],
    });
  }

  private login(x: Exchange): void {
    const form = x.form();
    if (!form.has('__VIEWSTATE')) {
      this.note(x, 'refused', 'POST without __VIEWSTATE is no postback');
      return this.loginPage(x, '');
    }
    if (!this.postback(x)) return;
    const account = this.accounts.find(form.get('txtUser'));
    if (!account || account.password !== form.get('txtPwd') || !form.has('btnLogin')) {
      this.note(x, 'login_failed', `user ${form.get('txtUser')}`, { account });
      return this.loginPage(x, '用户名或密码错误！');
    }
    const sid = this.sessionId(x);
    const session = this.sessions.create(account, randomBytes(112).toString('hex').toUpperCase());
    session.data['sid'] = sid;
    x.account = account;
    x.session = session.id;
    x.setCookie(this.cookieName(kAuthCookie), session.id, 'path=/; HttpOnly');
    this.note(x, 'login', '');
    const back = x.query().get('ReturnUrl');
    x.redirect(/^\/[A-Za-z]+\.aspx/.test(back) ? back : '/Default.aspx');
  }

  private home(who: Account): View {
    return {
      title: '首页',
      offers: [],
      body: `<h2>欢迎使用，${esc(who.name)}</h2><p>本学期：2026学年第1学期</p><a href="${this.origin}/Detail.aspx?id=7">最近查看</a>`,
    };
  }

  private students(x: Exchange): View | undefined {
    const argument = x.method === 'POST' ? x.form().get('__EVENTARGUMENT') : '';
    if (argument.startsWith('Select$')) {
      x.redirect(`/Detail.aspx?id=${positive(argument.slice(7), 0)}`);
      return undefined;
    }
    const page = positive(argument.slice(5), 1);
    const ids = Array.from({ length: kStudents }, (_, i) => i + 1).slice((page - 1) * kPageSize, page * kPageSize);
    const link = (arg: string, text: string): string =>
      `<a href="javascript:__doPostBack('GridView1','${arg}')">${text}</a>`;
    const pages = Array.from({ length: Math.ceil(kStudents / kPageSize) }, (_, i) => i + 1);
    return {
      title: '学籍',
      offers: [...pages.map((p) => `GridView1:Page$${p}`), ...ids.map((i) => `GridView1:Select$${i}`)],
      body:
        table(
          ['学籍号', '姓名', '住址', ''],
          ids.map((i) => [studentNo(i), personName(i), pick(kPlaces, i), link(`Select$${i}`, '查看')]),
          'id="GridView1"',
        ) + `<p>第<b id="page">${page}</b>页 ${pages.map((p) => link(`Page$${p}`, String(p))).join(' ')}</p>`,
    };
  }

  private detail(x: Exchange): View {
    const id = positive(x.query().get('id'), 1);
    const form = x.method === 'POST' ? x.form() : undefined;
    const result = form?.has('btnSave')
      ? `已保存：${esc(form.get('ddlStatus'))} <b id="remark">${esc(form.get('txtRemark'))}</b>`
      : '';
    return {
      title: '学籍详情',
      offers: ['btnSave=保 存', ...kStates.map((s) => `ddlStatus=${s}`)],
      body: `<p>学籍号：${studentNo(id)} 姓名：${personName(id)}</p><select name="ddlStatus">${kStates.map((s) => `<option value="${s}">${s}</option>`).join('')}</select>
<textarea name="txtRemark"></textarea><input type="submit" name="btnSave" value="保 存" /><span id="lblResult">${result}</span>`,
    };
  }

  private todo(): View {
    return {
      title: '待办',
      offers: [],
      body: table(
        ['RowId', '学生', '事项'],
        [4, 9].map((i) => [`<a href="/Detail.aspx?id=${i}">${i}</a>`, personName(i), '转学审核']),
        'id="GridView1"',
      ),
    };
  }

  private exportPage(x: Exchange): View | undefined {
    if (x.method === 'POST' && x.form().has('btnExport')) {
      const rows = Array.from({ length: kStudents }, (_, i) => [studentNo(i + 1), personName(i + 1)]);
      const html = `\ufeff<table><tr><td colspan="2">学籍名册</td></tr></table>${table(['学籍号', '姓名'], rows)}`;
      x.download(
        Buffer.from(html, 'utf8'),
        'application/vnd.ms-excel; charset=utf-8',
        `attachment; filename=${percentEncode('学籍名册.xls', 'utf8')}`,
      );
      return undefined;
    }
    return {
      title: '导出',
      offers: ['btnExport=导 出'],
      body: '<input type="submit" name="btnExport" value="导 出" />',
    };
  }
}

function studentNo(i: number): string {
  return `G2102992019${pad(i, 8)}`;
}

/** What a GridView of a whole school keeps in the page. */
function makeBallast(): Buffer {
  let text = '';
  for (let i = 0; Buffer.byteLength(text) < kBallastBytes; i++)
    text += `${studentNo(i)}${personName(i)}${pick(kPlaces, i)};`;
  return Buffer.from(text, 'utf8');
}
