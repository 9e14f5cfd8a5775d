import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import iconv from 'iconv-lite';
import type { Answer, Browser } from './client.ts';
import { dom } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

const kId = 'nat-salvation';
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

function keyOf(page: Answer): string {
  return dom(page)('[name=randomKey]').attr('value') ?? '';
}

describe('nat-salvation', () => {
  let zoo: TestZoo;
  before(async () => void (zoo = await testZoo()));
  after(() => zoo.close());
  beforeEach(() => zoo.control('POST', `/${kId}/reset`));

  function send(b: Browser, key: string, password: string, person = '王敏'): Promise<Answer> {
    const name = zoo.account(kId, person).username;
    return b.post('/dbgl/login.do', [
      ['loginName', name],
      ['pwd', md5(md5(password).toUpperCase() + key)],
      ['randomKey', key],
    ]);
  }

  async function signOn(b: Browser, password = zoo.account(kId).password): Promise<Answer> {
    return send(b, keyOf(await b.get('/dbgl/login.jsp')), password);
  }

  it('lets an honest client in, with a new JSESSIONID on /dbgl', async () => {
    const b = zoo.browser(kId);
    const page = await b.get('/dbgl/login.jsp');
    const before = /JSESSIONID=(\w+); Path=\/dbgl$/.exec(String(page.headers['set-cookie']))?.[1];
    assert.ok(before);
    const done = await send(b, keyOf(page), zoo.account(kId).password);
    assert.equal(done.location, `${b.origin}/dbgl/index.jsp`);
    assert.notEqual(/JSESSIONID=(\w+)/.exec(String(done.headers['set-cookie']))?.[1], before);
    assert.deepEqual(await b.cookieNames('/other'), []);
    const home = await b.get(done.location);
    assert.equal(dom(home)('#user').text(), '王敏');
    assert.match(home.text, /全国社会救助信息系统/);
    assert.match(home.text, /language="vbscript"/);
    assert.equal((await zoo.events(kId, 'login'))[0]?.person, '王敏');
  });

  it('burns the random key with its first use', async () => {
    const b = zoo.browser(kId);
    const key = keyOf(await b.get('/dbgl/login.jsp'));
    assert.match((await send(b, key, 'nope')).text, /alert\('密码错误'\)/);
    assert.match((await send(b, key, zoo.account(kId).password)).text, /页面已过期/);
    assert.match((await zoo.events(kId, 'refused'))[0]?.note ?? '', /used before/);
  });

  it('refuses a key of another session and an old key', async () => {
    const one = zoo.browser(kId);
    const two = zoo.browser(kId);
    const key = keyOf(await one.get('/dbgl/login.jsp'));
    await two.get('/dbgl/login.jsp');
    assert.match((await send(two, key, zoo.account(kId).password)).text, /页面已过期/);
    const late = keyOf(await one.get('/dbgl/login.jsp'));
    await zoo.control('POST', `/${kId}/fault`, { kind: 'clock_skew', seconds: 301 });
    assert.match((await send(one, late, zoo.account(kId).password)).text, /页面已过期/);
    assert.match((await zoo.events(kId, 'refused'))[1]?.note ?? '', /too old/);
  });

  it('locks after three failures until an administrator helps', async () => {
    const b = zoo.browser(kId);
    await signOn(b, 'a');
    await signOn(b, 'b');
    assert.match((await signOn(b, 'c')).text, /账号已锁定/);
    assert.match((await signOn(b)).text, /账号已锁定/);
    assert.equal((await zoo.events(kId, 'locked')).length, 1);
    await zoo.control('PUT', `/${kId}/accounts/${zoo.account(kId).username}`, { password: 'Neu-1234' });
    assert.equal((await signOn(b, 'Neu-1234')).status, 302);
  });

  it('kicks the first session', async () => {
    const one = zoo.browser(kId);
    await signOn(one);
    await signOn(zoo.browser(kId));
    const answer = await one.get('/dbgl/index.jsp');
    assert.equal(answer.status, 200);
    assert.match(answer.text, /该账号已在别处登录/);
    assert.match((await one.get('/dbgl/index.jsp')).text, /会话超时/);
    assert.equal((await zoo.events(kId, 'kicked')).length, 1);
  });

  it('reads and writes GBK', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    const done = await b.post('/dbgl/visit.do', [
      ['ywbh', 'DB21029900000003'],
      ['dcyj', iconv.encode('家庭困难，情况属实', 'gbk')],
    ]);
    assert.equal(dom(done)('#dcyj').text(), '家庭困难，情况属实');
    assert.equal(iconv.decode(done.bytes, 'gbk').includes('家庭困难'), true);
    const xhr = await b.get('/dbgl/ajax/stat.do');
    assert.equal(JSON.parse(iconv.decode(xhr.bytes, 'gbk')).czr, '王敏');
    assert.equal(dom(await b.get('/dbgl/family/list.do?page=1&xm=%CB%EF'))('#xm').text(), '孙');
    assert.equal((await zoo.events(kId, 'refused')).length, 0);
    await b.post('/dbgl/visit.do', [['dcyj', '家庭困难']]);
    assert.match((await zoo.events(kId, 'refused'))[0]?.note ?? '', /charset/);
  });

  it('gives its report under an encoded Chinese name, and signs out', async () => {
    const b = zoo.browser(kId);
    await signOn(b);
    const file = await b.get('/dbgl/report.do?ny=202610');
    assert.equal(decodeURIComponent(file.headers['content-disposition'] ?? ''), 'attachment;filename=低保金发放.csv');
    assert.equal((await b.get('/dbgl/logout.do')).location, '/dbgl/login.jsp');
    assert.match((await b.get('/dbgl/index.jsp')).text, /会话超时/);
    assert.equal((await zoo.events(kId, 'logout'))[0]?.person, '王敏');
  });
});
