import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { dom, raw } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

let zoo: TestZoo;
before(async () => void (zoo = await testZoo()));
after(() => zoo.close());

describe('qu-integrity', () => {
  const id = 'qu-integrity';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));

  function signed(
    path: string,
    change: { time?: number; key?: string; method?: string; person?: string } = {},
  ): Record<string, string> {
    const a = zoo.account(id, change.person);
    const user = encodeURIComponent(a.username);
    const org = encodeURIComponent(a.org);
    const time = String(change.time ?? Math.floor(Date.now() / 1000));
    const signature = createHmac('sm3', change.key ?? zoo.secret(id, 'header_key'))
      .update([user, org, time, change.method ?? 'GET', path].join('\n'))
      .digest('hex');
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
