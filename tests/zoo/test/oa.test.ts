import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import iconv from 'iconv-lite';
import { dom, hidden } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

let zoo: TestZoo;
before(async () => void (zoo = await testZoo()));
after(() => zoo.close());

describe('qu-oa', () => {
  const id = 'qu-oa';
  beforeEach(() => zoo.control('POST', `/${id}/reset`));

  interface Change {
    created?: number;
    expires?: number;
    dn?: Buffer;
    secret?: string;
    upper?: boolean;
  }

  function token(change: Change = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const hex = (n: number): string => (change.upper ? n.toString(16).toUpperCase() : n.toString(16)).padStart(8, '0');
    const created = change.created ?? now;
    const dn = change.dn ?? iconv.encode(zoo.account(id).username, 'gbk');
    const body = Buffer.concat([
      Buffer.from([0, 1, 2, 3]),
      Buffer.from(hex(created) + hex(change.expires ?? created + 7200)),
      dn,
    ]);
    const secret = Buffer.from(change.secret ?? zoo.secret(id, 'ltpa_secret'), 'base64');
    return Buffer.concat([body, createHash('sha1').update(body).update(secret).digest()]).toString('base64');
  }
  const cookie = (t: string): Record<string, string> => ({ Cookie: `LtpaToken=${t}` });

  it('agrees with the published test vector', async () => {
    const { sealLtpa } = await import('../src/systems/ltpa.ts');
    assert.equal(
      sealLtpa(
        0x6955b900,
        0x6955d520,
        Buffer.from('CN=zhangwei/O=zsq'),
        Buffer.from('AAECAwQFBgcICQoLDA0ODxAREhM=', 'base64'),
      ),
      'AAECAzY5NTVCOTAwNjk1NUQ1MjBDTj16aGFuZ3dlaS9PPXpzcRnc3cSmANLbND75zQ5oDUGJemTm',
    );
  });

  it('opens for a minted token, hex in either case, with or without group bytes', async () => {
    const b = zoo.browser(id);
    const grouped = Buffer.concat(
      [...zoo.account(id).username].map((c) =>
        c > '\x7f' ? Buffer.concat([Buffer.from([0x13]), iconv.encode(c, 'gbk')]) : Buffer.from(c),
      ),
    );
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
    for (const [t] of bad)
      assert.match((await zoo.browser(id).get('/oa/main.nsf?Open', cookie(t))).text, /names\.nsf\?Login/);
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
    const done = await b.post(
      '/oa/main.nsf/opinion?CreateDocument',
      [...fields, ['Opinion', iconv.encode('同意，请住建局办理', 'gbk')]],
      auth,
    );
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
