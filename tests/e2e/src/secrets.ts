// Everything that must never be seen, in every form it could take, and a search for it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { demo } from './demo.ts';

interface Pattern {
  what: string;
  bytes: Buffer;
}

const kShortest = 8;

function html(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** The ways a text travels: plain, in a URL, in a form, in a page, in Base64, in hex. */
function shapes(what: string, text: string): Pattern[] {
  const form = new URLSearchParams({ v: text }).toString().slice(2);
  const base64 = Buffer.from(text).toString('base64').replace(/=+$/, '');
  const all = [text, encodeURIComponent(text), form, html(text), base64, Buffer.from(text).toString('hex')];
  return [...new Set(all)].map((one) => ({ what, bytes: Buffer.from(one) }));
}

function digests(what: string, text: string): Pattern[] {
  const md5 = createHash('md5').update(text, 'latin1').digest('hex');
  const sm3 = createHash('sm3').update(text).digest('hex');
  return [md5, md5.toUpperCase(), sm3].map((one) => ({ what: `${what}, hashed`, bytes: Buffer.from(one) }));
}

export function secretPatterns(): Pattern[] {
  const out: Pattern[] = [];
  for (const person of demo.file.accounts) out.push(...shapes(`hub password of ${person.username}`, person.password));
  for (const [system, legacy] of Object.entries(demo.legacy)) {
    for (const [name, value] of Object.entries(legacy.secrets)) out.push(...shapes(`${name} of ${system}`, value));
    for (const account of legacy.accounts) {
      const what = `password of ${account.name} in ${system}`;
      out.push(...shapes(what, account.password), ...digests(what, account.password));
    }
  }
  // What the vault was given wrongly is a secret as well: it may be somebody's password elsewhere.
  for (const line of readFileSync(join(demo.data, 'district/links.csv'), 'utf8').split('\n').slice(1)) {
    const [username, system, field, value] = line.split(',');
    if (field === 'password' && value) out.push(...shapes(`stored password of ${username ?? ''} for ${system ?? ''}`, value));
  }
  const ltpa = demo.legacy['qu-oa']?.secrets['ltpa_secret'] ?? '';
  out.push({ what: 'ltpa_secret, its bytes', bytes: Buffer.from(ltpa, 'base64') });
  return out;
}

/** Finds any of the patterns in one pass over the bytes. */
export class Search {
  private readonly starts = new Uint8Array(1 << 24);
  private readonly byStart = new Map<number, Pattern[]>();

  constructor(patterns: readonly Pattern[]) {
    for (const one of patterns) {
      if (one.bytes.length < kShortest) throw new Error(`${one.what}: too short to be searched for`);
      const key = Search.key(one.bytes, 0);
      this.starts[key] = 1;
      this.byStart.set(key, [...(this.byStart.get(key) ?? []), one]);
    }
  }

  private static key(bytes: Uint8Array, at: number): number {
    return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  }

  in(text: string | Buffer): string[] {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    const found = new Set<string>();
    for (let i = 0; i + kShortest <= bytes.length; i++) {
      const key = Search.key(bytes, i);
      if (this.starts[key] === 0) continue;
      for (const one of this.byStart.get(key) ?? [])
        if (bytes.subarray(i, i + one.bytes.length).equals(one.bytes)) found.add(one.what);
    }
    return [...found];
  }
}

export const secrets = new Search(secretPatterns());

/** All files below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

interface Snapshot {
  html: string;
  local: string;
  session: string;
  cookie: string;
}

/** Page, storage and script-readable cookies of every frame that is shown. */
export async function assertPageClean(page: Page): Promise<void> {
  for (const frame of page.frames()) {
    const seen = await frame
      .evaluate(
        (): Snapshot => ({
          html: document.documentElement.outerHTML,
          local: JSON.stringify({ ...localStorage }),
          session: JSON.stringify({ ...sessionStorage }),
          cookie: document.cookie,
        }),
      )
      .catch(() => undefined); // a frame that was replaced meanwhile
    if (!seen) continue;
    for (const [where, text] of Object.entries(seen)) {
      assert.deepEqual(secrets.in(text as string), [], `secret in ${where} of ${frame.url()}`);
    }
    assert.deepEqual(secrets.in(frame.url()), [], `secret in the address ${frame.url()}`);
    assert.doesNotMatch(seen.cookie, /JSESSIONID|sessionid|ASPXAUTH|ASP\.NET|PHPSESSID|VMSID|LtpaToken|csrftoken/i);
  }
}
