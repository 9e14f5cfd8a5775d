import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Browser } from './client.ts';
import { dom } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

let zoo: TestZoo;
before(async () => void (zoo = await testZoo()));
after(() => zoo.close());

describe('dl-video', () => {
  const id = 'dl-video';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));

  interface Change {
    nonce?: string;
    time?: number;
    sk?: string;
    path?: string;
    user?: string;
  }

  async function call(
    b: Browser,
    path: string,
    body: unknown,
    change: Change = {},
  ): Promise<{ code: string; data: Record<string, unknown> }> {
    const accept = 'application/json';
    const type = 'application/json;charset=UTF-8';
    const ca = {
      'x-ca-key': zoo.secret(id, 'ak'),
      'x-ca-nonce': change.nonce ?? randomUUID(),
      'x-ca-timestamp': String(change.time ?? Date.now()),
    };
    const text = ['POST', accept, type, ...Object.entries(ca).map(([k, v]) => `${k}:${v}`), change.path ?? path].join(
      '\n',
    );
    const signature = createHmac('sha256', change.sk ?? zoo.secret(id, 'sk'))
      .update(text)
      .digest('base64');
    const answer = await b.postJson(path, body, {
      Accept: accept,
      'Content-Type': type,
      ...ca,
      'x-ca-signature': signature,
    });
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
