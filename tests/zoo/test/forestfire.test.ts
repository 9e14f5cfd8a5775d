import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import iconv from 'iconv-lite';
import { dom } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

let zoo: TestZoo;
before(async () => void (zoo = await testZoo()));
after(() => zoo.close());

describe('ln-forestfire', () => {
  const id = 'ln-forestfire';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));

  function basic(person = '王敏', charset = 'gbk', password?: string): Record<string, string> {
    const a = zoo.account(id, person);
    const user = iconv.encode(a.username, charset);
    return {
      Authorization: 'Basic ' + Buffer.concat([user, Buffer.from(`:${password ?? a.password}`)]).toString('base64'),
    };
  }

  it('asks for Basic and takes a user name in GBK', async () => {
    const b = zoo.browser(id);
    const no = await b.get('/fire/');
    assert.equal(no.status, 401);
    assert.equal(no.headers['www-authenticate'], 'Basic realm="ForestFire"');
    const home = await b.get('/fire/', basic());
    assert.equal(home.status, 200);
    assert.equal(dom(home)('#user').text(), '王敏');
    assert.match(home.text, /省森林防火监测预警系统/);
    assert.deepEqual(await b.cookieNames('/'), ['PHPSESSID']);
    await b.get('/fire/hot.php?page=2', basic());
    assert.equal((await zoo.events(id, 'login')).length, 1);
  });

  it('refuses UTF-8 names and wrong passwords', async () => {
    assert.equal((await zoo.browser(id).get('/fire/', basic('王敏', 'utf8'))).status, 401);
    assert.match((await zoo.events(id, 'refused'))[0]?.note ?? '', /UTF-8/);
    assert.equal((await zoo.browser(id).get('/fire/', basic('王敏', 'gbk', 'nope'))).status, 401);
    assert.equal((await zoo.events(id, 'login_failed')).length, 2);
  });

  it('refuses the PHP session of one person with the credentials of another', async () => {
    const b = zoo.browser(id);
    await b.get('/fire/', basic());
    assert.equal((await b.get('/fire/', basic('高峰'))).status, 403);
    assert.match((await zoo.events(id, 'refused'))[0]?.note ?? '', /PHPSESSID of 王敏/);
  });

  it('has a GBK interface, an echoing form tied to the session, a raw file name', async () => {
    const b = zoo.browser(id);
    const xhr = await b.get('/fire/api/summary.php', basic());
    assert.equal(JSON.parse(iconv.decode(xhr.bytes, 'gbk')).duty, '王敏');
    const page = await b.get('/fire/verify.php?id=HOT00003', basic());
    const token = dom(page)('[name=token]').attr('value') ?? '';
    const fields: [string, string][] = [
      ['id', 'HOT00003'],
      ['verify', '2'],
      ['note', '农户烧秸秆'],
      ['token', token],
    ];
    assert.equal(dom(await b.post('/fire/verify.php', fields, basic()))('#note').text(), '农户烧秸秆');
    assert.equal((await zoo.browser(id).post('/fire/verify.php', fields, basic())).status, 403);
    const file = await b.get('/fire/download.php', basic());
    assert.equal(
      Buffer.from(file.headers['content-disposition'] ?? '', 'latin1').toString('utf8'),
      'attachment; filename="热点清单.csv"',
    );
  });

  it('drops the PHP session at sign-out', async () => {
    const b = zoo.browser(id);
    await b.get('/fire/', basic());
    const out = await b.get('/fire/logout.php', basic());
    assert.equal(out.location, 'bye.html');
    assert.match(String(out.headers['set-cookie']), /PHPSESSID=deleted/);
    assert.deepEqual(await zoo.control('GET', `/${id}/sessions`), []);
    assert.equal((await b.get('/fire/bye.html')).status, 200);
  });
});
