import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { texts } from '../mock/pages';
import enData from '../src/i18n/en/data';
import en from '../src/i18n/en/index';
import zhData from '../src/i18n/zh-CN/data';
import zh from '../src/i18n/zh-CN/index';
import { files } from './files';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, at = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[at + key, value] as const] : Object.entries(flat(value, `${at}${key}.`)),
    ),
  );
}
const places = (text: string): string[] => [...text.matchAll(/{\w+}/g)].map((match) => match[0]).sort();

const sets = [
  ['the application', flat({ ...zh, ...zhData }), flat({ ...en, ...enData })],
  ['the login pages', texts('zh-CN'), texts('en')],
] as const;

describe.each(sets)('texts of %s', (_name, chinese, english) => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(english)).toEqual(Object.keys(chinese));
  });

  it('use the same places', () => {
    for (const [key, text] of Object.entries(chinese)) expect([key, places(english[key] ?? '')]).toEqual([key, places(text)]);
  });

  it('are never empty', () => {
    for (const text of [...Object.values(chinese), ...Object.values(english)]) expect(text.trim()).not.toBe('');
  });

  it('have no hanzi or full-width marks in English', () => {
    for (const [key, text] of Object.entries(english)) {
      if (text !== '中文') expect([key, /[\u2018-\u201d\u3000-\u9fff\uff00-\uffef]/.test(text)]).toEqual([key, false]);
    }
  });

  it('set a space between hanzi and Latin letters or digits', () => {
    for (const [key, text] of Object.entries(chinese)) {
      expect([key, /[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]/.test(text)]).toEqual([key, false]);
    }
  });
});

describe('keys', () => {
  const source = files('src', /\.(vue|ts)$/).map((file) => readFileSync(file, 'utf8')).join('\n');

  it('that the application names exist', () => {
    const named = [...source.matchAll(/\bt\('([a-zA-Z_.]+)'/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter((key) => !(key in sets[0][1]))).toEqual([]);
  });

  it('are all used', () => {
    const computed = /^(outcome|role|step|sys|hello|look|links|me|access|sessions|standing|share|personal|fieldType|runState|catalog|jobs|runs|counter|rule|rowState|shares|shareFault|shareView|shareState|shareAct|move|moveSays|mask|about|alerts|severity|alertState|alertView|alertNone|alertStep|nodeKind|fieldStep|auditArea|auditResult)\./;
    const unused = Object.keys(sets[0][1]).filter((key) => !source.includes(`'${key}'`) && !computed.test(key));
    expect(unused).toEqual([]);
  });

  it('of the login pages are all used and all there', () => {
    const html = files('login', /\.html$/).map((file) => readFileSync(file, 'utf8')).join('\n');
    const used = new Set([...html.matchAll(/{{t\.(\w+)}}/g)].map((match) => match[1] ?? ''));
    const known = Object.keys(texts('zh-CN')).filter((key) => !key.startsWith('page_'));
    expect([...used].sort()).toEqual(known.sort());
  });
});
