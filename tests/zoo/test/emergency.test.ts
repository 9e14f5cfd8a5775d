import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Answer, Browser } from './client.ts';
import { dom } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

const run = promisify(execFile);
let zoo: TestZoo;
before(async () => void (zoo = await testZoo()));
after(() => zoo.close());

describe('ln-emergency', () => {
  const id = 'ln-emergency';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));

  interface Challenge {
    nonce: string;
    opaque: string;
    stale: boolean;
    algorithm: string;
  }

  function challenges(answer: Answer): Challenge[] {
    const lines = answer.rawHeaders.filter(
      (_, i, all) => i % 2 === 1 && (all[i - 1] ?? '').toLowerCase() === 'www-authenticate',
    );
    const part = (line: string, name: string): string => new RegExp(`${name}="?([^",]+)`).exec(line)?.[1] ?? '';
    return lines.map((l) => ({
      nonce: part(l, 'nonce'),
      opaque: part(l, 'opaque'),
      stale: /stale=true/.test(l),
      algorithm: part(l, 'algorithm'),
    }));
  }

  function authorize(
    c: Challenge,
    path: string,
    nc: number,
    change: Record<string, string> = {},
    person = '王敏',
  ): string {
    const a = zoo.account(id, person);
    const h = (text: string): string =>
      createHash(c.algorithm === 'SHA-256' ? 'sha256' : 'md5')
        .update(text)
        .digest('hex');
    const uri = change['uri'] ?? path;
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    const count = nc.toString(16).padStart(8, '0');
    const response = h(
      `${h(`${a.username}:EMG:${change['password'] ?? a.password}`)}:${c.nonce}:${count}:${cnonce}:auth:${h(`GET:${uri}`)}`,
    );
    return `Digest username="${a.username}", realm="EMG", uri="${uri}", algorithm=${c.algorithm}, nonce="${c.nonce}", nc=${count}, cnonce="${cnonce}", qop=auth, response="${response}", opaque="${c.opaque}"`;
  }

  async function challenge(b: Browser, which = 0): Promise<Challenge> {
    return challenges(await b.get('/emg/'))[which] ?? { nonce: '', opaque: '', stale: false, algorithm: '' };
  }

  it('computes the examples of RFC 7616 section 3.9.1', async () => {
    const { digestAnswers } = await import('../src/systems/digest.ts');
    const base = {
      username: 'Mufasa',
      realm: 'http-auth@example.org',
      uri: '/dir/index.html',
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      nc: '00000001',
      cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      qop: 'auth',
    };
    assert.equal(
      digestAnswers({ ...base, algorithm: 'MD5' }, 'GET', 'Circle of Life').response,
      '8ca523f5e9506fed4657c9700eebdbec',
    );
    assert.equal(
      digestAnswers({ ...base, algorithm: 'SHA-256' }, 'GET', 'Circle of Life').response,
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });

  it('offers MD5 first and SHA-256 second, and takes both', async () => {
    const b = zoo.browser(id);
    assert.deepEqual(
      challenges(await b.get('/emg/')).map((c) => c.algorithm),
      ['MD5', 'SHA-256'],
    );
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
    const { stdout } = await run('curl', [
      '-s',
      '--noproxy',
      '*',
      '--digest',
      '-u',
      `${a.username}:${a.password}`,
      target,
    ]);
    assert.match(stdout, /<b id="q">防汛<\/b>/);
  });

  it('refuses a replayed and a smaller nc, takes gaps', async () => {
    const b = zoo.browser(id);
    const c = await challenge(b);
    for (const [nc, status] of [
      [1, 200],
      [5, 200],
      [5, 401],
      [3, 401],
      [6, 200],
    ] as const) {
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
    const answer = await b.get('/emg/plan.aspx', {
      Authorization: authorize(await challenge(b), '/emg/plan.aspx', 1, { uri: '/app/ln-emergency/emg/plan.aspx' }),
    });
    assert.equal(answer.status, 400);
    assert.match((await zoo.events(id, 'refused'))[0]?.note ?? '', /is not the request target/);
  });

  it('refuses a wrong password, a quoted qop and a header sent twice', async () => {
    const b = zoo.browser(id);
    const c = await challenge(b);
    assert.equal((await b.get('/emg/', { Authorization: authorize(c, '/emg/', 1, { password: 'x' }) })).status, 401);
    assert.equal(
      (await b.get('/emg/', { Authorization: authorize(c, '/emg/', 2).replace('qop=auth', 'qop="auth"') })).status,
      400,
    );
    assert.equal((await zoo.events(id, 'login_failed')).length, 1);
    assert.deepEqual(await zoo.control('GET', `/${id}/sessions`), []);
  });
});
