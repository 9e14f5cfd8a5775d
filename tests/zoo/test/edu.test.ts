import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Answer, Browser } from './client.ts';
import { dom, hidden } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

const kId = 'ln-edu';
type Fields = [string, string][];

/** Replaces or appends fields. */
function withFields(base: Fields, change: Record<string, string>): Fields {
  return [...base.filter(([n]) => !(n in change)), ...Object.entries(change)];
}

function flip(text: string): string {
  return text.slice(0, 50) + (text.charAt(50) === 'A' ? 'B' : 'A') + text.slice(51);
}

describe('ln-edu', () => {
  let zoo: TestZoo;
  before(async () => void (zoo = await testZoo()));
  after(() => zoo.close());
  beforeEach(() => zoo.control('POST', `/${kId}/reset`));

  async function signOn(b: Browser, change: Record<string, string> = {}): Promise<Answer> {
    const page = await b.get('/Login.aspx');
    const a = zoo.account(kId);
    return b.post(
      '/Login.aspx',
      withFields(hidden(page), {
        ddlTerm: '20261',
        txtUser: a.username,
        txtPwd: a.password,
        btnLogin: '登 录',
        ...change,
      }),
    );
  }

  it('lets an honest client in', async () => {
    const b = zoo.browser(kId);
    const done = await signOn(b);
    assert.equal(done.location, '/Default.aspx');
    assert.match(String(done.headers['set-cookie']), /\.ASPXAUTH=[0-9A-F]{224}; path=\/; HttpOnly/);
    const home = await b.get('/default.ASPX');
    assert.equal(dom(home)('#ctl00_lblUser').text(), '王敏');
    assert.match(home.text, /全省中小学学籍管理系统/);
    assert.equal((await zoo.events(kId, 'login'))[0]?.person, '王敏');
    assert.equal((await zoo.events(kId, 'refused')).length, 0);
  });

  it('carries at least 100 kB of view state, and takes it back', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    const home = await b.get('/Default.aspx');
    assert.ok(String(dom(home)('#__VIEWSTATE').attr('value')).length >= 100_000);
    const go = await b.post('/Default.aspx', withFields(hidden(home), { __EVENTTARGET: 'ctl00$lnkStudents' }));
    assert.equal(go.location, '/Students.aspx');
    const list = await b.get(go.location);
    const second = await b.post(
      '/Students.aspx',
      withFields(hidden(list), { __EVENTTARGET: 'GridView1', __EVENTARGUMENT: 'Page$2' }),
    );
    assert.equal(dom(second)('#page').text(), '2');
    const select = await b.post(
      '/Students.aspx',
      withFields(hidden(second), { __EVENTTARGET: 'GridView1', __EVENTARGUMENT: 'Select$12' }),
    );
    assert.equal(select.location, '/Detail.aspx?id=12');
    const detail = await b.get(select.location);
    const saved = await b.post(
      select.location,
      withFields(hidden(detail), { ddlStatus: '转出', txtRemark: '转往新港小学', btnSave: '保 存' }),
    );
    assert.equal(dom(saved)('#remark').text(), '转往新港小学');
  });

  it('shows a wrong password in lblMsg', async () => {
    const answer = await signOn(zoo.browser(kId), { txtPwd: 'nope' });
    assert.equal(answer.status, 200);
    assert.equal(dom(answer)('#lblMsg').text(), '用户名或密码错误！');
  });

  it('refuses a view state changed by one character', async () => {
    const b = zoo.browser(kId);
    const page = await b.get('/Login.aspx');
    const state = dom(page)('#__VIEWSTATE').attr('value') ?? '';
    const answer = await b.post(
      '/Login.aspx',
      withFields(hidden(page), { __VIEWSTATE: flip(state), txtUser: 'x', txtPwd: 'y', btnLogin: '登 录' }),
    );
    assert.equal(answer.status, 500);
    assert.match(answer.text, /验证视图状态 MAC 失败/);
    assert.match((await zoo.events(kId, 'refused'))[0]?.note ?? '', /__VIEWSTATE/);
  });

  it('refuses a view state of another session, of before the sign-in, and an old one', async () => {
    const b = zoo.browser(kId);
    const page = await b.get('/Login.aspx');
    const foreign = await zoo
      .browser(kId)
      .post('/Login.aspx', withFields(hidden(page), { txtUser: 'x', btnLogin: '登 录' }));
    assert.equal(foreign.status, 500);
    await signOn(b);
    const home = await b.get('/Default.aspx');
    await zoo.control('POST', `/${kId}/fault`, { kind: 'clock_skew', seconds: 1150 });
    await b.get('/Todo.aspx');
    await zoo.control('POST', `/${kId}/fault`, { kind: 'clock_skew', seconds: 1300 });
    const late = await b.post('/Default.aspx', withFields(hidden(home), { __EVENTTARGET: 'ctl00$lnkTodo' }));
    assert.equal(late.status, 500);
    assert.equal((await zoo.events(kId, 'refused')).length, 2);
  });

  it('refuses an option, a button and a target that the page did not offer', async () => {
    for (const change of [{ ddlTerm: '20299' }, { btnLogin: '登录' }, { __EVENTTARGET: 'ctl00$lnkAdmin' }]) {
      const answer = await signOn(zoo.browser(kId), change as Record<string, string>);
      assert.equal(answer.status, 500);
      assert.match(answer.text, /回发或回调参数无效/);
    }
    assert.equal((await zoo.events(kId, 'refused')).length, 3);
  });

  it('refuses the ticket of one session with the session id of another', async () => {
    const one = zoo.browser(kId);
    await signOn(one);
    const auth = (await one.jar.getCookies(one.origin)).find((c) => c.key === '.ASPXAUTH')?.value ?? '';
    const answer = await zoo
      .browser(kId)
      .get('/Default.aspx', { Cookie: `.ASPXAUTH=${auth}; ASP.NET_SessionId=${'a'.repeat(24)}` });
    assert.match(answer.location, /^\/Login\.aspx\?ReturnUrl=%2f/);
    assert.match((await zoo.events(kId, 'refused'))[0]?.note ?? '', /different sessions/);
  });

  it('tells expiry to pages by redirect and to XHR by 401 JSON', async () => {
    const b = zoo.browser(kId);
    assert.equal((await b.get('/Students.aspx')).location, '/Login.aspx?ReturnUrl=%2fStudents.aspx');
    const xhr = await b.postJson('/Service.asmx/GetCount', {});
    assert.equal(xhr.status, 401);
    assert.equal(JSON.parse(xhr.text).Message, '身份验证失败。');
    await signOn(b);
    assert.equal(JSON.parse((await b.postJson('/Service.asmx/GetCount', {})).text).d.name, '王敏');
  });

  it('exports a .xls that is HTML with a BOM', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    const page = await b.get('/Export.aspx');
    const file = await b.post('/Export.aspx', withFields(hidden(page), { btnExport: '导 出' }));
    assert.deepEqual([...file.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.equal(decodeURIComponent(file.headers['content-disposition'] ?? ''), 'attachment; filename=学籍名册.xls');
  });

  it('signs out by postback', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    const home = await b.get('/Default.aspx');
    const out = await b.post('/Default.aspx', withFields(hidden(home), { __EVENTTARGET: 'ctl00$lnkLogout' }));
    assert.equal(out.location, '/Login.aspx');
    assert.match((await b.get('/Default.aspx')).location, /^\/Login\.aspx/);
    assert.equal((await zoo.events(kId, 'logout'))[0]?.person, '王敏');
  });
});
