// House rules for the sources, as tests.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files, root } from './files';

const read = (file: string): string => readFileSync(file, 'utf8');
const name = (file: string): string => relative(root, file);
const vue = files('src', /\.vue$/);
const code = [...files('src', /\.(vue|ts)$/), ...files('login', /\.ts$/)].filter((file) => !file.endsWith('schema.d.ts'));
const styles = [...vue, ...files('src', /\.css$/), ...files('login', /\.css$/)].filter((file) => !file.endsWith('tokens.css'));

/** the files in which a rule is broken, with the first breach */
const breaches = (all: readonly string[], rule: RegExp, part = (text: string) => text): string[] =>
  all.flatMap((file) => {
    const hit = rule.exec(part(read(file)));
    return hit ? [`${name(file)}: ${hit[0]}`] : [];
  });
const style = (text: string): string => (text.includes('<style') ? text.slice(text.indexOf('<style')) : text.includes('<template') ? '' : text);
const template = (text: string): string => /<template>([\s\S]*)<\/template>/.exec(text)?.[1] ?? '';

describe('sources', () => {
  it('have colours only in the tokens', () => {
    expect(breaches(styles, /#[0-9a-f]{3,8}\b|\b(rgb|hsl)a?\(/i, style)).toEqual([]);
  });

  it('have font sizes only as tokens', () => {
    expect(breaches(styles, /font(-size)?:[^;]*\dpx/, style)).toEqual([]);
  });

  it('have no words for people outside the texts', () => {
    const components = vue.filter((file) => !file.includes('/i18n/'));
    const tags = (text: string): string => template(text).replace(/<!--[\s\S]*?-->|{{[\s\S]*?}}|"[^"]*"/g, '');
    expect(breaches(components, />[^<]*[A-Za-z\u4e00-\u9fff]{2,}[^<]*</, tags)).toEqual([]);
    expect(breaches(files('login', /\.html$/), /[\u4e00-\u9fff]/, (text) => text.replace('>中文<', ''))).toEqual([]);
  });

  it('have no any, no non-reviewed escape and no raw HTML', () => {
    expect(breaches(code, /[:<,|&] *\bany\b *[;,)>\]=|&[]|as any\b|@ts-|v-html|innerHTML|eslint-disable/)).toEqual([]);
  });

  it('stay below 300 lines a file', () => {
    expect(code.filter((file) => read(file).split('\n').length > 300).map(name)).toEqual([]);
  });

  it('have features that do not import each other', () => {
    const all = files('src/features', /\.(vue|ts)$/);
    const crossing = all.flatMap((file) =>
      [...read(file).matchAll(/from '([^']+)'/g)]
        .map((match) => relative(join(root, 'src/features'), join(file, '..', match[1] ?? '')))
        .filter((target) => match(file, target)),
    );
    function match(file: string, target: string): boolean {
      const own = relative(join(root, 'src/features'), file).split('/')[0];
      return !target.startsWith('..') && target.split('/')[0] !== own;
    }
    expect(crossing).toEqual([]);
  });

  it('have types that are the contract of today', () => {
    const bin = join(root, 'node_modules/openapi-typescript/bin/cli.js');
    const fresh = execFileSync(process.execPath, [bin, join(root, '../hub/admin/openapi.yaml')], { encoding: 'utf8' });
    expect(read(join(root, 'src/api/schema.d.ts')).trim()).toBe(fresh.trim());
  }, 60_000);
});
