// Gates on dist; run `npm run build` first.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import budget from '../budget.json';
import { manifest, pageStates, renderPage } from '../mock/pages';
import { root } from './files';

const dist = join(root, 'dist');
if (!existsSync(join(dist, 'manifest.json'))) throw new Error('dist is missing: run npm run build first');
const assets = readdirSync(join(dist, 'assets'));
const plain = assets.filter((file) => !/\.(br|gz)$/.test(file));
const br = (file: string): number => statSync(join(dist, 'assets', `${file}.br`)).size;
const text = (file: string): string => readFileSync(join(dist, 'assets', file), 'utf8');
const sum = (names: readonly string[]): number => names.reduce((total, file) => total + br(file), 0);
const html = readFileSync(join(dist, 'index.html'), 'utf8');

/** a script and all it imports statically */
function closure(start: string, seen = new Set<string>()): Set<string> {
  if (seen.has(start)) return seen;
  seen.add(start);
  for (const match of text(start).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) closure(match[1] ?? '', seen);
  return seen;
}
const { assets: names, csp } = manifest(dist);
const file = (name: string): string => (names[name] ?? '').replace('/assets/', '');
const shell = [...closure(file('index.js'))];

const home = [...new Set([...shell, ...closure(file('home.js'))])];

describe('budget', () => {
  it('holds for the login page', () => {
    const page = renderPage('login', pageStates.login!.wrong!, { lang: 'zh-CN', theme: 'dark', size: 'large' }, names);
    const total = brotliCompressSync(page).length + br(file('login.css')) + br(file('login.js'));
    console.log(`login ${total} B, of which script ${br(file('login.js'))} B`);
    expect(br(file('login.js'))).toBeLessThanOrEqual(budget.login_js);
    expect(total).toBeLessThanOrEqual(budget.login_html_css_js);
  });

  it('holds for the shell', () => {
    console.log(`shell ${sum(shell)} B, with the home page ${sum(home)} B in ${home.length} files`);
    expect(sum(shell)).toBeLessThanOrEqual(budget.shell_js);
  });

  it('holds for every route of the portal', () => {
    const routes = plain.filter((name) => name.endsWith('.js') && !name.startsWith('login.'));
    for (const route of routes) expect(sum([...new Set([...shell, ...closure(route)])])).toBeLessThanOrEqual(budget.portal_js);
  });

  it('holds for all CSS and all of dist', () => {
    const css = sum(plain.filter((name) => name.endsWith('.css')));
    console.log(`css ${css} B, dist ${sum(plain)} B`);
    expect(css).toBeLessThanOrEqual(budget.css);
    expect(sum(plain)).toBeLessThanOrEqual(budget.dist);
  });

  it('holds for packages', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { license?: string; resolved?: string }> };
    const all = Object.entries(lock.packages).filter(([path]) => path);
    expect(all.length).toBeLessThanOrEqual(budget.packages);
    const allowed = /^(MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|MPL-2\.0|BlueOak-1\.0\.0|Python-2\.0|CC0-1\.0|\(MIT OR CC0-1\.0\))$/;
    expect(all.filter(([, info]) => !allowed.test(info.license ?? '')).map(([path]) => path)).toEqual([]);
  });
});

describe('dist', () => {
  it('has a true br and gz beside each text file', () => {
    for (const name of [...plain.map((one) => join('assets', one)), 'index.html']) {
      const body = readFileSync(join(dist, name));
      expect(brotliDecompressSync(readFileSync(join(dist, `${name}.br`))).equals(body)).toBe(true);
      expect(gunzipSync(readFileSync(join(dist, `${name}.gz`))).equals(body)).toBe(true);
    }
  });

  it('has a content hash in every name', () => {
    for (const name of plain) expect(name).toMatch(/^[\w.-]+\.[\w-]{8}\.(js|css|svg)$/);
  });

  it('names the files of the login pages in the manifest', () => {
    for (const name of ['login.css', 'login.js', 'mark.svg']) expect(assets).toContain(file(name));
  });

  it('declares the hash of every inline part of index.html', () => {
    const inline = [...html.matchAll(/<(style|script)(?![^>]*src=)[^>]*>([\s\S]*?)<\/\1>/g)];
    expect(inline.length).toBeGreaterThan(0);
    for (const [, tag, body] of inline) {
      const hash = `'sha256-${createHash('sha256').update(body ?? '').digest('base64')}'`;
      expect(tag === 'style' ? csp.style : csp.script).toContain(hash);
    }
  });

  it('names no other host', () => {
    const harmless = /^https?:\/\/(www\.w3\.org\/|vuejs\.org\/|github\.com\/|localhost)/;
    for (const name of plain) {
      const urls = text(name).match(/https?:\/\/[\w.-]+\/?/g) ?? [];
      expect([name, urls.filter((url) => !harmless.test(url))]).toEqual([name, []]);
    }
    expect(html).not.toMatch(/https?:\/\//);
  });

  it('has no eval', () => {
    for (const name of plain) expect([name, /\beval\(|new Function\b/.test(text(name))]).toEqual([name, false]);
  });
});
