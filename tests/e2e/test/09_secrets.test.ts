// Last: the whole run is searched, byte by byte, for anything secret. What the browser sent and got, what the hub wrote.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { demo } from '../src/demo.ts';
import { harEntries } from '../src/har.ts';
import type { Entry } from '../src/har.ts';
import { filesBelow, Search, secrets } from '../src/secrets.ts';

/** Where a person hands a password to the hub: the login form, and the account of a system on the linking page. */
function isEntry(entry: Entry): boolean {
  const path = entry.url.startsWith(`${demo.origin}/`) ? new URL(entry.url).pathname : '';
  return entry.method === 'POST' && (path === '/login' || /^\/api\/v1\/me\/links\/[a-z0-9-]+$/.test(path));
}

const place = (entry: Entry, part: string): string => `${entry.file}: ${part} of ${entry.method} ${entry.url}`;

test('the search finds what it is given, in every shape', () => {
  const { password } = demo.who('wangmin');
  assert.notDeepEqual(secrets.in(`x${password}y`), []);
  assert.notDeepEqual(secrets.in(encodeURIComponent(password)), []);
  assert.notDeepEqual(secrets.in(Buffer.from(`x${password}`).subarray(1).toString('base64')), []);
  assert.deepEqual(secrets.in('an ordinary text about nothing secret'), []);
});

test('no secret in any address, header or body that the browser saw or sent', () => {
  const found: string[] = [];
  const add = (where: string, text: string | Buffer): void => {
    for (const what of secrets.in(text)) found.push(`${what} in ${where}`);
  };
  let entries = 0;
  let handed = 0;
  for (const entry of harEntries()) {
    entries++;
    add(place(entry, 'address'), entry.url);
    for (const one of [...entry.requestHeaders, ...entry.responseHeaders]) add(place(entry, `header ${one.name}`), one.value);
    if (isEntry(entry)) handed += secrets.in(entry.requestBody).length > 0 ? 1 : 0;
    else add(place(entry, 'request'), entry.requestBody);
    add(place(entry, 'answer'), entry.responseBody);
  }
  assert.ok(entries > 100 && handed > 0, 'the recording is empty');
  assert.deepEqual([...new Set(found)], []);
});

test('no credential of the hub towards a system comes back to the browser', () => {
  const found: string[] = [];
  const kTokens = /"access_token"|"refresh_token"|LtpaToken=|x-ca-signature|X-Remote-Sig|response="[0-9a-f]{32}/i;
  for (const entry of harEntries()) {
    const text = [...entry.requestHeaders, ...entry.responseHeaders].map((one) => `${one.name}: ${one.value}`).join('\n');
    if (/^(authorization|x-remote-[a-z]+|x-ca-[a-z]+|proxy-authorization):/im.test(text)) found.push(place(entry, 'credential header'));
    if (/^set-cookie:(?!\s*(__Host-)?yimen[-=])/im.test(text)) found.push(place(entry, 'cookie of a system'));
    if (kTokens.test(text) || kTokens.test(entry.responseBody.toString('latin1'))) found.push(place(entry, 'token'));
    if (/[?&](token|ticket)=/.test(entry.url)) found.push(place(entry, 'ticket in the address'));
  }
  assert.deepEqual(found, []);
});

function handedOut(): Search {
  const tickets = new Map<string, string>();
  for (const entry of harEntries()) {
    const code = /\/\.yimen\/enter\?code=([^&]+)/.exec(entry.url)?.[1];
    if (code) tickets.set(decodeURIComponent(code), 'one-time code');
    for (const one of entry.responseHeaders) {
      if (one.name.toLowerCase() !== 'set-cookie') continue;
      for (const line of one.value.split('\n')) {
        const [, name, value] = /^([^=]+)=([^;]{24,})/.exec(line) ?? [];
        if (name && value) tickets.set(value, `cookie ${name}`);
      }
    }
  }
  assert.ok(tickets.size > 10, 'no cookie of the hub was recorded');
  return new Search([...tickets].map(([text, what]) => ({ what, bytes: Buffer.from(text) })));
}

test('no secret, cookie or code in the logs, the audit files and the database of the hub', () => {
  const files = [...filesBelow(join(demo.data, 'hub')), join(demo.data, 'hub.log'), join(demo.data, 'yimen.yaml')];
  const tickets = handedOut();
  const found: string[] = [];
  for (const file of files) {
    if (statSync(file).size === 0) continue;
    const bytes = readFileSync(file);
    for (const what of [...secrets.in(bytes), ...tickets.in(bytes)]) found.push(`${what} in ${file}`);
  }
  assert.deepEqual(found, []);
});

test('the audit log and the access log tell of the people and systems of this run', () => {
  const all = filesBelow(join(demo.data, 'hub'));
  const audit = all.filter((file) => file.includes('audit')).map((file) => readFileSync(file, 'utf8')).join('\n');
  for (const word of ['wangmin', 'chenjing', 'system.enter', 'logout']) assert.ok(audit.includes(word), `audit without ${word}`);
  const access = all.find((file) => /access[^/]*\.log/.test(file));
  assert.ok(access && existsSync(access), 'no access log');
  const lines = readFileSync(access, 'utf8');
  for (const one of demo.systems) assert.match(lines, new RegExp(`wangmin.*${one.id}|${one.id}.*wangmin`), one.id);
});
