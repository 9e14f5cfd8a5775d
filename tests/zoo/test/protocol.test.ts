// Basic, Digest and the signed header: credentials go with every request.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import iconv from 'iconv-lite';
import type { Answer, Browser } from './client.ts';
import { dom, raw } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

const run = promisify(execFile);
let zoo: TestZoo;
before(async () => void (zoo = await testZoo()));
after(() => zoo.close());

describe('ln-forestfire', () => {
  const id = 'ln-forestfire';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));

  function basic(person = '王敏', charset = 'gbk', password?: string): Record<string, string> {
    const a = zoo.account(id, person);
    const user = iconv.encode(a.username, charset);
    return { Authorization: 'Basic ' + Buffer.concat([user, Buffer.from(`:${password ?? a.password}`)]).toString('base64') };
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
    const fields: [string, string][] = [['id', 'HOT00003'], ['verify', '2'], ['note', '农户烧秸秆'], ['token', token]];
    assert.equal(dom(await b.post('/fire/verify.php', fields, basic()))('#note').text(), '农户烧秸秆');
    assert.equal((await zoo.browser(id).post('/fire/verify.php', fields, basic())).status, 403);
    const file = await b.get('/fire/download.php', basic());
    assert.equal(Buffer.from(file.headers['content-disposition'] ?? '', 'latin1').toString('utf8'), 'attachment; filename="热点清单.csv"');
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

describe('ln-emergency', () => {
  const id = 'ln-emergency';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));

  interface Challenge { nonce: string; opaque: string; stale: boolean; algorithm: string }

  function challenges(answer: Answer): Challenge[] {
    const lines = answer.rawHeaders.filter((_, i, all) => i % 2 === 1 && (all[i - 1] ?? '').toLowerCase() === 'www-authenticate');
    const part = (line: string, name: string): string => new RegExp(`${name}="?([^",]+)`).exec(line)?.[1] ?? '';
    return lines.map((l) => ({ nonce: part(l, 'nonce'), opaque: part(l, 'opaque'), stale: /stale=true/.test(l), algorithm: part(l, 'algorithm') }));
  }

  function authorize(c: Challenge, path: string, nc: number, change: Record<string, string> = {}, person = '王敏'): string {
    const a = zoo.account(id, person);
    const h = (text: string): string => createHash(c.algorithm === 'SHA-256' ? 'sha256' : 'md5').update(text).digest('hex');
    const uri = change['uri'] ?? path;
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    const count = nc.toString(16).padStart(8, '0');
    const response = h(`${h(`${a.username}:EMG:${change['password'] ?? a.password}`)}:${c.nonce}:${count}:${cnonce}:auth:${h(`GET:${uri}`)}`);
    return `Digest username="${a.username}", realm="EMG", uri="${uri}", algorithm=${c.algorithm}, nonce="${c.nonce}", nc=${count}, cnonce="${cnonce}", qop=auth, response="${response}", opaque="${c.opaque}"`;
  }

  async function challenge(b: Browser, which = 0): Promise<Challenge> {
    return challenges(await b.get('/emg/'))[which] ?? { nonce: '', opaque: '', stale: false, algorithm: '' };
  }

  it('computes the examples of RFC 7616 section 3.9.1', async () => {
    const { digestAnswers } = await import('../src/systems/digest.ts');
    const base = { username: 'Mufasa', realm: 'http-auth@example.org', uri: '/dir/index.html', nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v', nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ', qop: 'auth' };
    assert.equal(digestAnswers({ ...base, algorithm: 'MD5' }, 'GET', 'Circle of Life').response, '8ca523f5e9506fed4657c9700eebdbec');
    assert.equal(digestAnswers({ ...base, algorithm: 'SHA-256' }, 'GET', 'Circle of Life').response, '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
  });

  it('offers MD5 first and SHA-256 second, and takes both', async () => {
    const b = zoo.browser(id);
    assert.deepEqual(challenges(await b.get('/emg/')).map((c) => c.algorithm), ['MD5', 'SHA-256']);
    for (const which of [0, 1]) {
      const home = await b.get('/emg/', { Authorization: authorize(await challenge(b, which), '/emg/', 1) });
      assert.equal(home.status, 200);
      assert.equal(dom(home)('#user').text(), '王敏');
      assert.match(home.headers['authentication-info'] as string, /rspauth="[0-9a-f]+"/);
    }
    assert.equal((await zoo.events(id, 'login')).length, 2);
  });

  it('lets curl in with --digest', async () => {
    const a = zoo.account(id);
    const target = `${zoo.origin(id)}/emg/search.aspx?q=%E9%98%B2%E6%B1%9B&area=(all)`;
    const { stdout } = await run('curl', ['-s', '--noproxy', '*', '--digest', '-u', `${a.username}:${a.password}`, target]);
    assert.match(stdout, /<b id="q">防汛<\/b>/);
  });

  it('refuses a replayed and a smaller nc, takes gaps', async () => {
    const b = zoo.browser(id);
    const c = await challenge(b);
    for (const [nc, status] of [[1, 200], [5, 200], [5, 401], [3, 401], [6, 200]] as const) {
      const answer = await b.get('/emg/', { Authorization: authorize(c, '/emg/', nc) });
      assert.equal(answer.status, status, `nc ${nc}`);
      if (status === 401) assert.equal(challenges(answer)[0]?.stale, false);
    }
    assert.equal((await zoo.events(id, 'refused')).length, 2);
  });

  it('tells a nonce older than 300 s by stale=true, and offers nextnonce before', async () => {
    const b = zoo.browser(id);
    const c = await challenge(b);
    await zoo.control('POST', `/${id}/fault`, { kind: 'clock_skew', seconds: 250 });
    const near = await b.get('/emg/', { Authorization: authorize(c, '/emg/', 1) });
    const next = /nextnonce="([^"]+)"/.exec(near.headers['authentication-info'] as string)?.[1] ?? '';
    assert.equal((await b.get('/emg/', { Authorization: authorize({ ...c, nonce: next }, '/emg/', 1) })).status, 200);
    await zoo.control('POST', `/${id}/fault`, { kind: 'clock_skew', seconds: 301 });
    const late = await b.get('/emg/', { Authorization: authorize(c, '/emg/', 2) });
    assert.equal(late.status, 401);
    assert.equal(challenges(late)[0]?.stale, true);
    const wrong = await b.get('/emg/', { Authorization: authorize(c, '/emg/', 3, { password: 'x' }) });
    assert.equal(challenges(wrong)[0]?.stale, false);
  });

  it('refuses a uri that is not the back-end path', async () => {
    const b = zoo.browser(id);
    const answer = await b.get('/emg/plan.aspx', { Authorization: authorize(await challenge(b), '/emg/plan.aspx', 1, { uri: '/app/ln-emergency/emg/plan.aspx' }) });
    assert.equal(answer.status, 400);
    assert.match((await zoo.events(id, 'refused'))[0]?.note ?? '', /is not the request target/);
  });

  it('refuses a wrong password, a quoted qop and a header sent twice', async () => {
    const b = zoo.browser(id);
    const c = await challenge(b);
    assert.equal((await b.get('/emg/', { Authorization: authorize(c, '/emg/', 1, { password: 'x' }) })).status, 401);
    assert.equal((await b.get('/emg/', { Authorization: authorize(c, '/emg/', 2).replace('qop=auth', 'qop="auth"') })).status, 400);
    assert.equal((await zoo.events(id, 'login_failed')).length, 1);
    assert.deepEqual(await zoo.control('GET', `/${id}/sessions`), []);
  });
});

describe('qu-integrity', () => {
  const id = 'qu-integrity';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));

  function signed(path: string, change: { time?: number; key?: string; method?: string; person?: string } = {}): Record<string, string> {
    const a = zoo.account(id, change.person);
    const user = encodeURIComponent(a.username);
    const org = encodeURIComponent(a.org);
    const time = String(change.time ?? Math.floor(Date.now() / 1000));
    const signature = createHmac('sm3', change.key ?? zoo.secret(id, 'header_key')).update([user, org, time, change.method ?? 'GET', path].join('\n')).digest('hex');
    return { 'X-Remote-User': user, 'X-Remote-Org': org, 'X-Remote-Time': time, 'X-Remote-Sig': signature };
  }

  it('believes a right signature (made by another SM3) and names the person', async () => {
    const b = zoo.browser(id);
    const home = await b.get('/lz/', signed('/lz/'));
    assert.equal(home.status, 200);
    assert.equal(dom(home)('#user').text(), '王敏');
    assert.match(home.text, /廉政智慧监督系统/);
    const path = '/lz/clue/1003/check';
    const done = await b.post(path, [['opinion', '线索属实']], signed(path, { method: 'POST' }));
    assert.equal(dom(done)('#opinion').text(), '线索属实');
    assert.match((await zoo.events(id, 'request'))[0]?.headers.join('\n') ?? '', /X-Remote-User: lz_wangmin/);
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  for (const [what, headers] of [
    ['no headers', () => ({})],
    ['a wrong key', () => signed('/lz/', { key: 'guess' })],
    ['the signature of another path', () => signed('/lz/export')],
    ['the signature of another method', () => signed('/lz/', { method: 'POST' })],
    ['a time 121 s old', () => signed('/lz/', { time: now() - 121 })],
    ['a time ahead', () => signed('/lz/', { time: now() + 130 })],
    ['a name swapped under the signature', () => ({ ...signed('/lz/'), 'X-Remote-User': 'lz_zhouzhuren' })],
    ['an extra underscore spelling', () => ({ ...signed('/lz/'), X_Remote_User: 'lz_zhouzhuren' })],
    ['an unknown identity header', () => ({ ...signed('/lz/'), 'X-Remote-Role': 'admin' })],
    ['a second header in another case', () => ({ ...signed('/lz/'), 'x-remote-user': ['lz_zhouzhuren', 'x'] })],
  ] as [string, () => Record<string, string | string[]>][]) {
    it(`refuses ${what}`, async () => {
      const answer = await raw(zoo.origin(id), '/lz/', { headers: headers() });
      assert.equal(answer.status, 403);
      assert.match(answer.text, /未授权的访问来源/);
      assert.equal((await zoo.events(id, 'refused')).length, 1);
    });
  }

  it('refuses everybody after its key was changed', async () => {
    await zoo.control('POST', `/${id}/fault`, { kind: 'password_changed' });
    assert.equal((await zoo.browser(id).get('/lz/api/clue', signed('/lz/api/clue'))).status, 403);
    await assert.rejects(zoo.control('POST', `/${id}/fault`, { kind: 'cookie_renamed' }), /sets no cookie/);
  });
});

