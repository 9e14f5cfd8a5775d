// Launch ticket, bearer token, LTPA cookie.
import assert from 'node:assert/strict';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import iconv from 'iconv-lite';
import type { Answer, Browser } from './client.ts';
import { dom, hidden } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

let zoo: TestZoo;
before(async () => void (zoo = await testZoo()));
after(() => zoo.close());

describe('dl-video', () => {
  const id = 'dl-video';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));

  interface Change { nonce?: string; time?: number; sk?: string; path?: string; user?: string }

  async function call(b: Browser, path: string, body: unknown, change: Change = {}): Promise<{ code: string; data: Record<string, unknown> }> {
    const accept = 'application/json';
    const type = 'application/json;charset=UTF-8';
    const ca = { 'x-ca-key': zoo.secret(id, 'ak'), 'x-ca-nonce': change.nonce ?? randomUUID(), 'x-ca-timestamp': String(change.time ?? Date.now()) };
    const text = ['POST', accept, type, ...Object.entries(ca).map(([k, v]) => `${k}:${v}`), change.path ?? path].join('\n');
    const signature = createHmac('sha256', change.sk ?? zoo.secret(id, 'sk')).update(text).digest('base64');
    const answer = await b.postJson(path, body, { Accept: accept, 'Content-Type': type, ...ca, 'x-ca-signature': signature });
    assert.equal(answer.status, 200);
    return JSON.parse(answer.text);
  }

  async function mint(b: Browser, change: Change = {}): Promise<{ code: string; data: Record<string, unknown> }> {
    return call(b, '/api/sso/token', { userName: change.user ?? zoo.account(id).username }, change);
  }

  it('turns a signed call into a ticket and the ticket into a session', async () => {
    const b = zoo.browser(id);
    const { code, data } = await mint(b);
    assert.equal(code, '0');
    const done = await b.get(`/vms/sso?token=${String(data['token'])}`);
    assert.equal(done.location, `${b.origin}/vms/index.html`);
    assert.match(String(done.headers['set-cookie']), /VMSID=\w+; Path=\/vms; HttpOnly/);
    const home = await b.get(done.location);
    assert.equal(dom(home)('#user').text(), '王敏');
    assert.match(home.text, /雪亮工程/);
    assert.equal((await zoo.events(id, 'login'))[0]?.person, '王敏');
    assert.equal(JSON.stringify(await zoo.events(id)).includes(String(data['token'])), false);
  });

  it('takes a ticket once, and not after 60 s', async () => {
    const b = zoo.browser(id);
    const first = String((await mint(b)).data['token']);
    await b.get(`/vms/sso?token=${first}`);
    const again = await zoo.browser(id).get(`/vms/sso?token=${first}`);
    assert.equal(again.status, 403);
    assert.match(again.text, /令牌无效/);
    const late = String((await mint(b)).data['token']);
    await zoo.control('POST', `/${id}/fault`, { kind: 'clock_skew', seconds: 61 });
    assert.equal((await b.get(`/vms/sso?token=${late}`)).status, 403);
    assert.equal((await zoo.events(id, 'refused')).length, 2);
  });

  it('refuses bad signatures, replayed nonces, old times and unknown people by code', async () => {
    const b = zoo.browser(id);
    assert.equal((await mint(b, { sk: 'guess' })).code, '0x02401003');
    assert.equal((await mint(b, { path: '/other' })).code, '0x02401003');
    assert.equal((await mint(b, { nonce: 'n1' })).code, '0');
    assert.equal((await mint(b, { nonce: 'n1' })).code, '0x02401004');
    assert.equal((await mint(b, { time: Date.now() - 901_000 })).code, '0x02401005');
    assert.equal((await mint(b, { user: 'nobody' })).code, '0x02401007');
    assert.equal((await zoo.events(id, 'refused')).length, 4);
  });

  it('lists 2,735 cameras with ids as strings', async () => {
    const { data } = await call(zoo.browser(id), '/artemis/api/resource/v1/cameras', { pageNo: 3, pageSize: 1000 });
    assert.equal(data['total'], 2735);
    const list = data['list'] as Record<string, string>[];
    assert.equal(list.length, 735);
    assert.match(list[0]?.['indexCode'] ?? '', /^\d{20}$/);
  });

  it('tells expiry to pages and XHR, and signs out', async () => {
    const b = zoo.browser(id);
    assert.equal((await b.get('/vms/camera/list')).location, '/vms/login.html');
    assert.equal((await b.get('/vms/api/status')).status, 401);
    await b.get(`/vms/sso?token=${String((await mint(b)).data['token'])}`);
    assert.equal(dom(await b.post('/vms/favorite', [['groupName', '机场周边']]))('#group').text(), '机场周边');
    await b.get('/vms/logout');
    assert.equal((await b.get('/vms/index.html')).location, '/vms/login.html');
    assert.equal((await zoo.events(id, 'logout'))[0]?.person, '王敏');
  });
});

describe('qu-grid', () => {
  const id = 'qu-grid';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));
  const sm3 = (text: string): string => createHash('sm3').update(text).digest('hex');
  interface Tokens { access_token: string; refresh_token: string; error: string }

  async function login(b: Browser, password = zoo.account(id).password): Promise<{ answer: Answer; tokens: Tokens }> {
    const answer = await b.postJson('/grid/auth/login', { username: zoo.account(id).username, password: sm3(password), clientType: 'PC' });
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
    const fresh = JSON.parse((await b.postJson('/grid/auth/refresh', { refresh_token: tokens.refresh_token })).text) as Tokens;
    assert.equal((await b.get('/grid/api/me', bearer(fresh.access_token))).status, 200);
  });

  it('revokes the whole family when a refresh token comes twice', async () => {
    const b = zoo.browser(id);
    const { tokens } = await login(b);
    const fresh = JSON.parse((await b.postJson('/grid/auth/refresh', { refresh_token: tokens.refresh_token })).text) as Tokens;
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
    const plain = await b.postJson('/grid/auth/login', { username: zoo.account(id).username, password: zoo.account(id).password, clientType: 'PC' });
    assert.equal(plain.status, 401);
    assert.match((await zoo.events(id, 'refused'))[0]?.note ?? '', /SM3/);
    const { tokens } = await login(b);
    await zoo.control('POST', `/${id}/expire`, { what: 'access' });
    assert.equal(JSON.parse((await b.get('/grid/api/me', bearer(tokens.access_token))).text).error, 'token_expired');
    const fresh = JSON.parse((await b.postJson('/grid/auth/refresh', { refresh_token: tokens.refresh_token })).text) as Tokens;
    assert.equal((await b.postJson('/grid/auth/logout', {}, bearer(fresh.access_token))).status, 200);
    assert.equal((await b.get('/grid/api/me', bearer(fresh.access_token))).status, 401);
    assert.deepEqual(await zoo.control('GET', `/${id}/sessions`), []);
    assert.equal((await zoo.events(id, 'logout'))[0]?.person, '王敏');
  });
});

describe('qu-oa', () => {
  const id = 'qu-oa';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));

  interface Change { created?: number; expires?: number; dn?: Buffer; secret?: string; upper?: boolean }

  function token(change: Change = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const hex = (n: number): string => (change.upper ? n.toString(16).toUpperCase() : n.toString(16)).padStart(8, '0');
    const created = change.created ?? now;
    const dn = change.dn ?? iconv.encode(zoo.account(id).username, 'gbk');
    const body = Buffer.concat([Buffer.from([0, 1, 2, 3]), Buffer.from(hex(created) + hex(change.expires ?? created + 7200)), dn]);
    const secret = Buffer.from(change.secret ?? zoo.secret(id, 'ltpa_secret'), 'base64');
    return Buffer.concat([body, createHash('sha1').update(body).update(secret).digest()]).toString('base64');
  }
  const cookie = (t: string): Record<string, string> => ({ Cookie: `LtpaToken=${t}` });

  it('agrees with the published test vector', async () => {
    const { sealLtpa } = await import('../src/systems/ltpa.ts');
    assert.equal(sealLtpa(0x6955b900, 0x6955d520, Buffer.from('CN=zhangwei/O=zsq'), Buffer.from('AAECAwQFBgcICQoLDA0ODxAREhM=', 'base64')),
      'AAECAzY5NTVCOTAwNjk1NUQ1MjBDTj16aGFuZ3dlaS9PPXpzcRnc3cSmANLbND75zQ5oDUGJemTm');
  });

  it('opens for a minted token, hex in either case, with or without group bytes', async () => {
    const b = zoo.browser(id);
    const grouped = Buffer.concat([...zoo.account(id).username].map((c) => (c > '\x7f' ? Buffer.concat([Buffer.from([0x13]), iconv.encode(c, 'gbk')]) : Buffer.from(c))));
    for (const t of [token(), token({ upper: true }), token({ dn: grouped })]) {
      const main = await b.get('/oa/main.nsf?Open', cookie(t));
      assert.match(dom(main)('title').text(), /协同办公OA - 王敏/);
    }
    const top = await b.get('/oa/main.nsf/top?OpenPage', cookie(token()));
    assert.match(top.headers['content-type'] ?? '', /GB2312/);
    assert.ok(top.bytes.includes(Buffer.from([0xcd, 0xf5, 0xc3, 0xf4])));
    assert.equal((await zoo.events(id, 'login'))[0]?.person, '王敏');
    assert.equal((await zoo.events(id, 'refused')).length, 0);
  });

  it('refuses a token with any one bit changed', async () => {
    const good = token();
    const bytes = Buffer.from(good, 'base64');
    const b = zoo.browser(id);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const bad = Buffer.from(bytes);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const answer = await b.get('/oa/main.nsf?Open', cookie(bad.toString('base64')));
      assert.equal(answer.status, 200);
      assert.match(answer.text, /action="\/names\.nsf\?Login"/, `bit ${bit}`);
    }
    assert.equal((await zoo.events(id, 'refused')).length, bytes.length * 8);
    assert.equal((await zoo.events(id, 'login')).length, 0);
  });

  it('refuses forged, late, early, long-lived, UTF-8 and non-canonical tokens', async () => {
    const now = Math.floor(Date.now() / 1000);
    const bad: [string, RegExp][] = [
      [token({ secret: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }), /hash is wrong/],
      [token({ created: now - 7300, expires: now - 100 }), /expired/],
      [token({ created: now + 300 }), /future/],
      [token({ expires: now + 90_000 }), /longer/],
      [token({ dn: Buffer.from(zoo.account(id).username) }), /UTF-8/],
      [token({ dn: iconv.encode('CN=陌生人/O=zsq', 'gbk') }), /no such user/],
      [token() + '=', /canonical/],
    ];
    for (const [t] of bad) assert.match((await zoo.browser(id).get('/oa/main.nsf?Open', cookie(t))).text, /names\.nsf\?Login/);
    const notes = (await zoo.events(id, 'refused')).map((e) => e.note);
    bad.forEach(([, note], i) => assert.match(notes[i] ?? '', note));
  });

  it('keeps $ and ! in paths, echoes GBK, serves XML in UTF-8', async () => {
    const b = zoo.browser(id);
    const auth = cookie(token());
    const view = await b.get('/oa/main.nsf/($todo)!OpenView', auth);
    const link = dom(view)('td a').first().attr('href') ?? '';
    const doc = await b.get(link, auth);
    const fields = hidden(doc).map(([n, v]): [string, string | Buffer] => [n, v]);
    const done = await b.post('/oa/main.nsf/opinion?CreateDocument', [...fields, ['Opinion', iconv.encode('同意，请住建局办理', 'gbk')]], auth);
    assert.equal(dom(done)('#opinion').text(), '同意，请住建局办理');
    const file = await b.get(dom(doc)('a[href*="$File"]').attr('href') ?? '', auth);
    assert.match(iconv.decode(Buffer.from(file.headers['content-disposition'] ?? '', 'latin1'), 'gbk'), /通知\.doc/);
    const xml = await b.get('/oa/main.nsf/(todo)?ReadViewEntries&count=2', auth);
    assert.equal(xml.bytes.toString('utf8').match(/<viewentry /g)?.length, 2);
    assert.equal((await zoo.events(id, 'refused')).length, 0);
  });

  it('signs out, clears a cookie of its own domain, and notices a token used afterwards', async () => {
    const b = zoo.browser(id);
    const auth = cookie(token());
    await b.get('/oa/main.nsf?Open', auth);
    const out = await b.get('/names.nsf?Logout', auth);
    assert.match(out.text, /您已注销/);
    assert.match(String(out.headers['set-cookie']), /domain=\.dlzs\.gov\.local/);
    assert.deepEqual(await zoo.control('GET', `/${id}/sessions`), []);
    await b.get('/oa/main.nsf?Open', auth);
    assert.match((await zoo.events(id, 'login'))[1]?.note ?? '', /after \?Logout/);
  });

  it('ends tokens on the server, and all of them when the secret changes', async () => {
    const b = zoo.browser(id);
    const first = token();
    await b.get('/oa/main.nsf?Open', cookie(first));
    await zoo.control('POST', `/${id}/expire`);
    assert.match((await b.get('/oa/main.nsf?Open', cookie(first))).text, /names\.nsf\?Login/);
    assert.match((await b.get('/oa/main.nsf?Open', cookie(token({ upper: true })))).text, /王敏/);
    await zoo.control('POST', `/${id}/fault`, { kind: 'password_changed' });
    assert.match((await b.get('/oa/main.nsf?Open', cookie(token()))).text, /names\.nsf\?Login/);
  });
});
