import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pageStates, renderPage, type Look } from '../mock/pages';
import { files } from './files';

const kAssets = { 'login.css': '/assets/login.x.css', 'login.js': '/assets/login.x.js', 'mark.svg': '/assets/mark.x.svg' };
const kLook: Look = { lang: 'zh-CN', theme: 'system', size: 'normal' };
const kEvil = `"><script>alert(1)</script>'`;
const all = Object.entries(pageStates).flatMap(([page, states]) =>
  Object.entries(states).map(([state, view]) => [`${page}/${state}`, page, view] as const),
);

function poison(value: unknown): unknown {
  if (typeof value === 'string') return kEvil;
  if (Array.isArray(value)) return value.map(poison);
  if (typeof value === 'object' && value) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, poison(v)]));
  return value;
}

describe.each(all)('page %s', (_name, page, view) => {
  const html = renderPage(page, view, kLook, kAssets);

  it('has one heading, a language, and no hole', () => {
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toContain('<html lang="zh-CN" data-theme="system" data-size="normal">');
    expect(html).not.toContain('{{');
    expect(html).not.toMatch(/<h1>\s*<\/h1>|<p class="lead">\s*<\/p>/);
  });

  it('keeps to the strict content policy', () => {
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=|https?:\/\//);
  });

  it('sends a CSRF token with every form', () => {
    const forms = html.match(/<form[\s\S]*?<\/form>/g) ?? [];
    for (const form of forms) expect(form).toMatch(/method="post"[\s\S]*name="csrf" value="c"/);
  });

  it('escapes whatever it is given', () => {
    const poisoned = renderPage(page, poison(view) as Record<string, unknown>, kLook, kAssets);
    expect(poisoned).not.toContain('<script>alert');
    expect(poisoned).not.toContain(kEvil);
  });

  it('gives no empty string where the hub would see a true section', () => {
    const source = readFileSync(files('login', new RegExp(`^${page}\\.html$`))[0] ?? '', 'utf8');
    for (const [, name] of source.matchAll(/{{[#^](\w+)}}/g)) expect([name, view[name ?? '']]).not.toEqual([name, '']);
  });
});

describe('login', () => {
  it('does not tell whether the account exists', () => {
    const wrong = renderPage('login', pageStates.login!.wrong!, kLook, kAssets);
    expect(wrong).toContain('账号或口令不对');
    expect(wrong).not.toMatch(/不存在|没有此账号|未注册/);
  });

  it('never sends a password back', () => {
    for (const [, page, view] of all) {
      const html = renderPage(page, { ...view, password: 'secret-1' }, kLook, kAssets);
      expect(html).not.toContain('secret-1');
    }
  });
});
