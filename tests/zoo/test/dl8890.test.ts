import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import iconv from 'iconv-lite';
import type { Answer, Browser } from './client.ts';
import { dom } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

const kId = 'dl-8890';
const gbk = (text: string): Buffer => iconv.encode(text, 'gbk');

describe('dl-8890', () => {
  let zoo: TestZoo;
  before(async () => void (zoo = await testZoo()));
  after(() => zoo.close());
  beforeEach(() => zoo.control('POST', `/${kId}/reset`));

  async function signOn(b: Browser, change: { password?: string; dept?: Buffer } = {}): Promise<Answer> {
    const first = await b.get('/ms8890/login.jsp');
    assert.equal(first.status, 302);
    await b.get(first.location);
    const a = zoo.account(kId);
    return b.post('/ms8890/check.jsp', [
      ['username', a.username],
      ['password', change.password ?? a.password],
      ['dept', change.dept ?? gbk(a.dept ?? '')],
    ]);
  }

  it('lets an honest client in; the outcome is only in the script', async () => {
    const b = zoo.browser(kId);
    const done = await signOn(b);
    assert.equal(done.status, 200);
    assert.equal(done.text, `<script>top.location='main.jsp'</script>`);
    const main = await b.get('/ms8890/main.jsp');
    assert.match(main.text, /<frameset/);
    assert.match(dom(main)('title').text(), /8890综合服务平台 - 王敏/);
    assert.match(dom(await b.get('/ms8890/top.jsp'))('#user').text(), /王敏/);
    assert.deepEqual(
      (await zoo.events(kId, 'login')).map((e) => e.person),
      ['王敏'],
    );
    assert.equal((await zoo.events(kId, 'refused')).length, 0);
  });

  it('sends real GBK bytes, labelled so', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    const page = await b.get('/ms8890/top.jsp');
    assert.match(page.headers['content-type'] ?? '', /charset=GBK/);
    assert.ok(page.bytes.includes(Buffer.from([0xcd, 0xf5, 0xc3, 0xf4]))); // 王敏
    assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(page.bytes));
  });

  it('shows its cookie with Path=/ and exclamation marks', async () => {
    const answer = await zoo.browser(kId).get('/ms8890/login.jsp');
    assert.match(String(answer.headers['set-cookie']), /^JSESSIONID=[^;]+![^;]+; path=\/$/);
  });

  it('answers a wrong password and a wrong unit by alert, with status 200', async () => {
    const wrong = await signOn(zoo.browser(kId), { password: 'nope' });
    assert.equal(wrong.status, 200);
    assert.match(wrong.text, /alert\('用户名或密码不正确'\)/);
    const dept = await signOn(zoo.browser(kId), { dept: gbk('区财政局') });
    assert.match(dept.text, /alert\('所属单位不正确'\)/);
  });

  it('refuses a unit sent as UTF-8 and says so in the record', async () => {
    const answer = await signOn(zoo.browser(kId), { dept: Buffer.from(zoo.account(kId).dept ?? '', 'utf8') });
    assert.match(answer.text, /所属单位不正确/);
    assert.match((await zoo.events(kId, 'refused'))[0]?.note ?? '', /charset: field dept: UTF-8 bytes/);
  });

  it('echoes GBK text and stores UTF-8 as mojibake, loudly', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    const good = await b.post('/ms8890/gd/deal.jsp', [
      ['gdbh', 'DL2026112000000003'],
      ['bjyj', gbk('已联系供热公司')],
    ]);
    assert.equal(dom(good)('#bjyj').text(), '已联系供热公司');
    const query = await b.get('/ms8890/gd/search.jsp?key=%B9%A9%C8%C8');
    assert.equal(dom(query)('#key').text(), '供热');
    assert.equal((await zoo.events(kId, 'refused')).length, 0);
    const bad = await b.post('/ms8890/gd/deal.jsp', [
      ['gdbh', 'x'],
      ['bjyj', '已联系供热公司'],
    ]);
    assert.notEqual(dom(bad)('#bjyj').text(), '已联系供热公司');
    assert.equal((await zoo.events(kId, 'refused')).length, 1);
  });

  it('kicks the first session when the account signs in again', async () => {
    const one = zoo.browser(kId);
    const two = zoo.browser(kId);
    await signOn(one);
    await signOn(two);
    assert.match((await one.get('/ms8890/main.jsp')).text, /您的账号已在其他地方登录/);
    assert.match((await two.get('/ms8890/main.jsp')).text, /王敏/);
    assert.equal((await zoo.events(kId, 'kicked')).length, 1);
    assert.equal(((await zoo.control('GET', `/${kId}/sessions`)) as unknown[]).length, 1);
  });

  it('tells an expired session by a script, with status 200', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    await zoo.control('POST', `/${kId}/expire`);
    const answer = await b.get('/ms8890/gd/dblist.jsp?page=1');
    assert.equal(answer.status, 200);
    assert.match(answer.text, /登录超时，请重新登录/);
  });

  it('gives a download whose file name is raw GBK in the header', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    const file = await b.get('/ms8890/gd/export.jsp');
    const header = Buffer.from(file.headers['content-disposition'] ?? '', 'latin1');
    assert.equal(iconv.decode(header, 'gbk'), 'attachment; filename="工单导出.xls"');
    assert.match(iconv.decode(file.bytes, 'gbk'), /工单编号\t联系人/);
  });

  it('signs out', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    assert.match((await b.get('/ms8890/logout.jsp')).text, /login\.jsp/);
    assert.match((await b.get('/ms8890/main.jsp')).text, /登录超时/);
    assert.equal((await zoo.events(kId, 'logout'))[0]?.person, '王敏');
  });
});
