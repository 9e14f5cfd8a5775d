// Every fault does what it says; the control port; the generator.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { raw } from './client.ts';
import { testZoo } from './zoo.ts';
import type { TestZoo } from './zoo.ts';

const kEntry = fileURLToPath(new URL('../zoo.mjs', import.meta.url));
const kPage: Record<string, string> = {
  'qu-tourism': '/wl/login/',
  'dl-8890': '/ms8890/login.jsp',
  'nat-salvation': '/dbgl/login.jsp',
  'ln-edu': '/Login.aspx',
  'ln-forestfire': '/fire/bye.html',
  'ln-emergency': '/emg/',
  'dl-video': '/vms/login.html',
  'qu-integrity': '/lz/',
  'qu-grid': '/grid/',
  'qu-oa': '/oa/main.nsf?Open',
};

describe('faults', () => {
  let zoo: TestZoo;
  before(async () => void (zoo = await testZoo()));
  after(() => zoo.close());
  beforeEach(async () => {
    for (const id of Object.keys(kPage)) await zoo.control('POST', `/${id}/reset`);
  });
  const plant = (id: string, fault: Record<string, unknown>): Promise<unknown> =>
    zoo.control('POST', `/${id}/fault`, fault);
  const get = (id: string): ReturnType<typeof raw> => raw(zoo.origin(id), kPage[id] ?? '');

  for (const id of Object.keys(kPage)) {
    it(`${id}: slow, reset, 500, wrong charset, cut body, each as often as asked`, async () => {
      const honest = await get(id);
      await plant(id, { kind: 'slow', ms: 150, times: 1 });
      const began = Date.now();
      await get(id);
      assert.ok(Date.now() - began >= 145);
      await plant(id, { kind: 'reset', times: 1 });
      await assert.rejects(get(id), /ECONNRESET|socket hang up/);
      await plant(id, { kind: 'status500', times: 2 });
      assert.deepEqual(
        [(await get(id)).status, (await get(id)).status, (await get(id)).status],
        [500, 500, honest.status],
      );
      if (honest.bytes.length > 0) {
        await plant(id, { kind: 'wrong_charset', times: 1 });
        const wrong = await get(id);
        assert.notEqual(wrong.headers['content-type'], honest.headers['content-type']);
        await plant(id, { kind: 'cut_body', times: 1 });
        await assert.rejects(get(id), /body cut|aborted|hang up|ECONNRESET/);
      }
      assert.equal((await get(id)).status, honest.status);
    });
  }

  it('hits only the path it was told, until it is cleared', async () => {
    await plant('qu-grid', { kind: 'status500', path: '/grid/api/' });
    assert.equal((await get('qu-grid')).status, 200);
    for (let i = 0; i < 3; i++) assert.equal((await raw(zoo.origin('qu-grid'), '/grid/api/me')).status, 500);
    await plant('qu-grid', { kind: 'none' });
    assert.equal((await raw(zoo.origin('qu-grid'), '/grid/api/me')).status, 401);
  });

  it('renames the session cookie', async () => {
    await plant('nat-salvation', { kind: 'cookie_renamed' });
    assert.match(String((await get('nat-salvation')).headers['set-cookie']), /^JSESSIONID2=/);
  });

  it('changes a password at the source, and an administrator sets it again', async () => {
    const a = zoo.account('qu-grid');
    const login = async (sm3hex: string): Promise<number> =>
      (
        await raw(zoo.origin('qu-grid'), '/grid/auth/login', {
          method: 'POST',
          body: JSON.stringify({ username: a.username, password: sm3hex, clientType: 'APP' }),
        })
      ).status;
    const { createHash } = await import('node:crypto');
    const sm3 = (t: string): string => createHash('sm3').update(t).digest('hex');
    assert.equal(await login(sm3(a.password)), 200);
    await plant('qu-grid', { kind: 'password_changed', account: a.username });
    assert.deepEqual(await zoo.control('GET', '/qu-grid/sessions'), []);
    assert.equal(await login(sm3(a.password)), 401);
    await zoo.control('PUT', `/qu-grid/accounts/${a.username}`, { password: 'Neu-1234' });
    assert.equal(await login(sm3('Neu-1234')), 200);
  });

  it('names what is wrong with a control request', async () => {
    await assert.rejects(plant('qu-grid', { kind: 'fire' }), /unknown fault fire/);
    await assert.rejects(plant('qu-grid', { kind: 'slow', ms: 'x' }), /ms must be a number/);
    await assert.rejects(plant('qu-grid', { kind: 'password_changed', account: 'nobody' }), /no such account/);
    await assert.rejects(zoo.control('GET', '/dl-12345/record'), /404/);
  });

  it('counts events, so that a reader can go on where it stopped', async () => {
    await get('qu-oa');
    const first = (await zoo.control('GET', '/qu-oa/record')) as { next: number; events: unknown[] };
    await get('qu-oa');
    const more = (await zoo.control('GET', `/qu-oa/record?since=${first.next}`)) as { events: unknown[] };
    assert.equal(more.events.length, 1);
    await zoo.control('DELETE', '/qu-oa/record');
    assert.deepEqual(((await zoo.control('GET', '/qu-oa/record')) as { events: unknown[] }).events, []);
  });

  it('keeps the control port off the systems', async () => {
    assert.equal((await raw(zoo.origin('qu-oa'), '/qu-oa/record')).status, 404);
    assert.equal((await raw(zoo.origin('qu-oa'), '/__sim/record')).status, 404);
  });
});

describe('command line', () => {
  const dir = mkdtempSync(join(tmpdir(), 'zoo-cli-'));
  after(() => rmSync(dir, { recursive: true }));

  function run(args: string[]): Promise<{ code: number | null; err: string }> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [kEntry, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
      let err = '';
      child.stderr.on('data', (d: Buffer) => (err += d.toString()));
      child.on('close', (code) => resolve({ code, err }));
    });
  }
  const rows = (name: string): string[][] =>
    readFileSync(join(dir, name), 'utf8')
      .trim()
      .split('\n')
      .map((l) => l.split(','));

  it('writes a district whose parts fit together', async () => {
    assert.equal((await run(['district', '--out', dir, '--seed', '3'])).code, 0);
    const orgs = rows('organisations.csv').slice(1);
    const codes = new Set(orgs.map((o) => o[0]));
    assert.ok(orgs.length >= 55 && orgs.length <= 75, String(orgs.length));
    for (const o of orgs) assert.ok(o[1] === '' || codes.has(o[1]), `parent of ${o[0]}`);
    assert.deepEqual([...new Set(orgs.map((o) => o[2]))].sort(), [
      'community',
      'department',
      'district',
      'grid',
      'street',
    ]);
    const people = rows('people.csv').slice(1);
    assert.equal(new Set(people.map((p) => p[2])).size, people.length);
    for (const p of people) assert.match(p[2] ?? '', /^1990000\d{4}$/);
    for (const p of rows('posts.csv').slice(1)) assert.ok(codes.has(p[1]));
    assert.equal(rows('posts.csv').filter((p) => p[0] === 'wangmin').length, 2);
    assert.equal(statSync(join(dir, 'links.csv')).mode & 0o077, 0);
  });

  it('links wangmin to all ten, leaves one unlinked, stores a wrong password for one', () => {
    const links = rows('links.csv').slice(1);
    assert.equal(new Set(links.filter((l) => l[0] === 'wangmin').map((l) => l[1])).size, 10);
    assert.deepEqual(
      links.filter((l) => l[0] === '').map((l) => l[2]),
      ['ak', 'sk', 'header_key', 'ltpa_secret'],
    );
    const zoo = JSON.parse(readFileSync(join(dir, 'zoo-accounts.json'), 'utf8'));
    assert.ok(zoo.systems['ln-edu'].accounts.some((a: { name: string }) => a.name === '刘洋'));
    assert.equal(
      links.some((l) => l[0] === 'liuyang' && l[1] === 'ln-edu'),
      false,
    );
    const stored = links.find((l) => l[0] === 'chenjing' && l[1] === 'nat-salvation' && l[2] === 'password')?.[3];
    assert.notEqual(
      stored,
      zoo.systems['nat-salvation'].accounts.find((a: { name: string }) => a.name === '陈静').password,
    );
  });

  it('draws new passwords every time, even with the same seed', async () => {
    const before = rows('people.csv').map((p) => p[3]);
    await run(['district', '--out', dir, '--seed', '3']);
    const now = rows('people.csv').map((p) => p[3]);
    assert.equal(now.slice(1).filter((p) => before.includes(p)).length, 0);
  });

  it('starts within two seconds, writes the map, ends on SIGTERM', async () => {
    const out = join(dir, 'zoo.json');
    const began = Date.now();
    const child = spawn(process.execPath, [
      kEntry,
      '--accounts',
      join(dir, 'zoo-accounts.json'),
      '--ports',
      'auto',
      '--out',
      out,
    ]);
    await new Promise<void>((done) => child.stdout.on('data', (d: Buffer) => String(d).includes('ready\n') && done()));
    assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`);
    const map = JSON.parse(readFileSync(out, 'utf8'));
    assert.equal(Object.keys(map.systems).length, 10);
    assert.equal((await fetch(map.systems['qu-grid'].origin + '/grid/')).status, 200);
    assert.equal((await fetch(map.systems['qu-grid'].control_url + '/sessions')).status, 200);
    const code = await new Promise((done) => {
      child.on('close', done);
      child.kill('SIGTERM');
    });
    assert.equal(code, 0);
  });

  it('explains wrong arguments', async () => {
    const noFile = await run([]);
    assert.equal(noFile.code, 2);
    assert.match(noFile.err, /--accounts is missing/);
    assert.match((await run(['--accounts', 'x', '--ports', 'many'])).err, /must be fixed or auto/);
    assert.match((await run(['--acounts', 'x'])).err, /acounts/);
  });
});
