import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Answer, Browser } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

let zoo: TestZoo;
before(async () => void (zoo = await testZoo()));
after(() => zoo.close());

describe('qu-grid', () => {
  const id = 'qu-grid';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));
  const sm3 = (text: string): string => createHash('sm3').update(text).digest('hex');
  interface Tokens {
    access_token: string;
    refresh_token: string;
    error: string;
  }

  async function login(b: Browser, password = zoo.account(id).password): Promise<{ answer: Answer; tokens: Tokens }> {
    const answer = await b.postJson('/grid/auth/login', {
      username: zoo.account(id).username,
      password: sm3(password),
      clientType: 'PC',
    });
    return { answer, tokens: JSON.parse(answer.text) };
  }
  const bearer = (t: string): Record<string, string> => ({ Authorization: `Bearer ${t}` });

  it('gives tokens for the SM3 of the password, and the interface needs one', async () => {
    const b = zoo.browser(id);
    const none = await b.get('/grid/api/me');
    assert.equal(none.status, 401);
    assert.equal(JSON.parse(none.text).error, 'missing_token');
    const { answer, tokens } = await login(b);
    assert.equal(answer.status, 200);
    const me = JSON.parse((await b.get('/grid/api/me', bearer(tokens.access_token))).text);
    assert.equal(me.name, '王敏');
    assert.equal(me.system, '网格化管理平台（全科智慧网）');
    const no = 'WG21029920260000000003';
    const done = await b.postJson(`/grid/api/event/${no}/handle`, { opinion: '已派工' }, bearer(tokens.access_token));
    assert.deepEqual(JSON.parse(done.text), { ok: true, event_no: no, opinion: '已派工', handler: '王敏' });
    assert.equal((await zoo.events(id, 'refused')).length, 0);
  });

  it('shows a shell to everybody that knows nothing of tokens', async () => {
    const b = zoo.browser(id);
    const page = await b.get('/grid/');
    assert.match(page.text, /网格化管理平台/);
    const script = await b.get('/grid/app.js');
    assert.doesNotMatch(script.text, /token|Authorization|Bearer/i);
    const zipped = await b.get('/grid/app.js', { 'Accept-Encoding': 'gzip' });
    assert.equal(zipped.headers['content-encoding'], 'gzip');
  });

  it('expires access after 30 min and renews it', async () => {
    const b = zoo.browser(id);
    const { tokens } = await login(b);
    await zoo.control('POST', `/${id}/fault`, { kind: 'clock_skew', seconds: 1500 });
    await b.get('/grid/api/me', bearer(tokens.access_token));
    await zoo.control('POST', `/${id}/fault`, { kind: 'clock_skew', seconds: 1801 });
    const late = await b.get('/grid/api/me', bearer(tokens.access_token));
    assert.equal(JSON.parse(late.text).error, 'token_expired');
    const fresh = JSON.parse(
      (await b.postJson('/grid/auth/refresh', { refresh_token: tokens.refresh_token })).text,
    ) as Tokens;
    assert.equal((await b.get('/grid/api/me', bearer(fresh.access_token))).status, 200);
  });

  it('revokes the whole family when a refresh token comes twice', async () => {
    const b = zoo.browser(id);
    const { tokens } = await login(b);
    const fresh = JSON.parse(
      (await b.postJson('/grid/auth/refresh', { refresh_token: tokens.refresh_token })).text,
    ) as Tokens;
    const reuse = await b.postJson('/grid/auth/refresh', { refresh_token: tokens.refresh_token });
    assert.equal(reuse.status, 401);
    assert.equal(JSON.parse(reuse.text).error, 'token_reuse');
    assert.equal((await b.get('/grid/api/me', bearer(fresh.access_token))).status, 401);
    assert.match((await zoo.events(id, 'refused'))[0]?.note ?? '', /reused/);
  });

  it('locks after five failures in ten minutes, for ten minutes', async () => {
    const b = zoo.browser(id);
    for (let i = 0; i < 5; i++) assert.equal((await login(b, 'x')).tokens.error, 'bad_credentials');
    assert.equal((await login(b)).tokens.error, 'locked');
    assert.equal((await zoo.events(id, 'locked')).length, 1);
    await zoo.control('POST', `/${id}/fault`, { kind: 'clock_skew', seconds: 601 });
    assert.equal((await login(b)).answer.status, 200);
  });

  it('refuses a plain password, ends access only on demand, signs out', async () => {
    const b = zoo.browser(id);
    const plain = await b.postJson('/grid/auth/login', {
      username: zoo.account(id).username,
      password: zoo.account(id).password,
      clientType: 'PC',
    });
    assert.equal(plain.status, 401);
    assert.match((await zoo.events(id, 'refused'))[0]?.note ?? '', /SM3/);
    const { tokens } = await login(b);
    await zoo.control('POST', `/${id}/expire`, { what: 'access' });
    assert.equal(JSON.parse((await b.get('/grid/api/me', bearer(tokens.access_token))).text).error, 'token_expired');
    const fresh = JSON.parse(
      (await b.postJson('/grid/auth/refresh', { refresh_token: tokens.refresh_token })).text,
    ) as Tokens;
    assert.equal((await b.postJson('/grid/auth/logout', {}, bearer(fresh.access_token))).status, 200);
    assert.equal((await b.get('/grid/api/me', bearer(fresh.access_token))).status, 401);
    assert.deepEqual(await zoo.control('GET', `/${id}/sessions`), []);
    assert.equal((await zoo.events(id, 'logout'))[0]?.person, '王敏');
  });
});
