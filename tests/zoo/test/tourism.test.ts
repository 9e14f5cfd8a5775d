import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Answer, Browser } from './client.ts';
import { dom } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

const kId = 'qu-tourism';

function token(page: Answer): string {
  return dom(page)('[name=csrfmiddlewaretoken]').first().attr('value') ?? '';
}

describe('qu-tourism', () => {
  let zoo: TestZoo;
  before(async () => void (zoo = await testZoo()));
  after(() => zoo.close());
  beforeEach(() => zoo.control('POST', `/${kId}/reset`));

  async function signOn(
    b: Browser,
    headers: Record<string, string> = {},
    change: Record<string, string> = {},
  ): Promise<Answer> {
    const page = await b.get('/wl/login/');
    const a = zoo.account(kId);
    const fields = {
      csrfmiddlewaretoken: token(page),
      username: a.username,
      password: a.password,
      next: '',
      ...change,
    };
    return b.post('/wl/login/', Object.entries(fields), { Referer: `${b.origin}/wl/login/`, ...headers });
  }

  it('lets an honest client in and names the person', async () => {
    const b = zoo.browser(kId);
    const done = await signOn(b);
    assert.equal(done.status, 302);
    assert.equal(done.location, '/wl/');
    assert.match(String(done.headers['set-cookie']), /sessionid=[^;]+; HttpOnly/);
    const home = await b.get('/wl/');
    assert.match(home.text, /文化旅游公共服务平台/);
    assert.match(dom(home)('#user').text(), /王敏/);
    const logins = await zoo.events(kId, 'login');
    assert.deepEqual(
      logins.map((e) => e.person),
      ['王敏'],
    );
    assert.equal((await zoo.events(kId, 'refused')).length, 0);
  });

  it('answers a wrong password with 200 and an errorlist', async () => {
    const answer = await signOn(zoo.browser(kId), {}, { password: 'nope' });
    assert.equal(answer.status, 200);
    assert.match(answer.text, /class="errorlist/);
    assert.equal((await zoo.events(kId, 'login_failed')).length, 1);
  });

  for (const [what, headers, change] of [
    ['a missing Referer', { Referer: '' }, {}],
    ['a foreign Referer', { Referer: 'https://qu-tourism.yimen.localhost:8443/wl/login/' }, {}],
    ['a foreign Origin', { Origin: 'https://qu-tourism.yimen.localhost:8443' }, {}],
    ['an invented token', {}, { csrfmiddlewaretoken: 'a'.repeat(64) }],
    ['no token', {}, { csrfmiddlewaretoken: '' }],
  ] as [string, Record<string, string>, Record<string, string>][]) {
    it(`refuses ${what} with 403 and records it`, async () => {
      const answer = await signOn(zoo.browser(kId), headers, change);
      assert.equal(answer.status, 403);
      assert.match(answer.text, /CSRF 验证失败/);
      assert.match((await zoo.events(kId, 'refused'))[0]?.note ?? '', /^CSRF/);
    });
  }

  it('refuses a Host that is not its own', async () => {
    const answer = await zoo.browser(kId).get('/wl/login/', { Host: 'qu-tourism.yimen.localhost' });
    assert.equal(answer.status, 400);
  });

  it('takes a form with Chinese, redirects to its own origin and shows the text', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    const page = await b.get('/wl/feedback/');
    const done = await b.post(
      '/wl/feedback/',
      [
        ['csrfmiddlewaretoken', token(page)],
        ['title', '厕所指示牌'],
        ['content', '灯塔公园的“指示牌”不清楚'],
      ],
      { Referer: `${b.origin}/wl/feedback/` },
    );
    assert.equal(done.location, `${b.origin}/wl/feedback/1/`);
    assert.equal(dom(await b.get(done.location))('#content').text(), '灯塔公园的“指示牌”不清楚');
  });

  it('answers XHR without a session with 403 JSON, with one with the name', async () => {
    const b = zoo.browser(kId);
    const without = await b.get('/wl/api/flow/');
    assert.equal(without.status, 403);
    assert.equal(JSON.parse(without.text).detail, '身份认证信息未提供。');
    await signOn(b);
    assert.equal(JSON.parse((await b.get('/wl/api/flow/')).text).user, '王敏');
  });

  it('gives a BOM file with an encoded Chinese name', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    const file = await b.get('/wl/export/scenic/');
    assert.deepEqual([...file.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.equal(
      decodeURIComponent(/filename\*=UTF-8''(.+)$/.exec(file.headers['content-disposition'] ?? '')?.[1] ?? ''),
      '景区客流.csv',
    );
  });

  it('signs out by POST only', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    assert.equal((await b.get('/wl/logout/')).status, 405);
    const home = await b.get('/wl/');
    const out = await b.post('/wl/logout/', [['csrfmiddlewaretoken', token(home)]], { Referer: `${b.origin}/wl/` });
    assert.equal(out.location, '/wl/login/');
    assert.equal((await b.get('/wl/')).location, '/wl/login/?next=/wl/');
    assert.equal((await zoo.events(kId, 'logout'))[0]?.person, '王敏');
    assert.deepEqual(await zoo.control('GET', `/${kId}/sessions`), []);
  });

  it('records leaked cookies, identity headers and Authorization', async () => {
    await zoo
      .browser(kId)
      .get('/wl/login/', { Cookie: 'yimen_session=x', X_Remote_User: 'wangmin', Authorization: 'Bearer x' });
    const notes = (await zoo.events(kId, 'refused')).map((e) => e.note);
    assert.deepEqual(notes, [
      'leak: foreign cookie yimen_session',
      'leak: Authorization header',
      'leak: X_Remote_User',
    ]);
  });
});
