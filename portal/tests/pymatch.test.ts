import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { find, spell, type Findable } from '../src/lib/pymatch';

const { items } = JSON.parse(readFileSync(new URL('../mock/systems.json', import.meta.url), 'utf8')) as {
  items: Omit<Findable, 'use_count'>[];
};
const systems: Findable[] = items.map((item) => ({ ...item, use_count: 0 }));
const hukou: Findable = {
  id: 'ga-pop', name: '户籍人口', name_en: 'Household register', owner: '公安局', aliases: ['户口'],
  pinyin: ['hu', 'ji', 'ren', 'kou'], use_count: 0,
};
const top = (query: string): string | undefined => find(query, [...systems, hukou])[0]?.id;

describe('find', () => {
  it.each([
    ['户籍', 'ga-pop'],
    ['huji', 'ga-pop'],
    ['hukou', 'ga-pop'],
    ['hjrk', 'ga-pop'],
    ['hujirk', 'ga-pop'],
    ['户口', 'ga-pop'],
    ['8890', 'dl-8890'],
    ['12345', 'dl-12345'],
    ['zhdj', 'qu-party'],
    ['zhihuidangjian', 'qu-party'],
    ['zhdangjian', 'qu-party'],
    ['重大', 'qu-project'],
    ['zhongda', 'qu-project'],
    ['chongda', 'qu-project'],
    ['yichuang', 'qu-onewin'],
    ['社保', 'ln-hrss'],
    ['shebao', 'ln-hrss'],
    ['OA', 'qu-oa'],
    ['xtbg', 'qu-oa'],
    ['xie tong', 'qu-oa'],
    ['低保', 'nat-salvation'],
    ['ylbz', 'dl-medins'],
    ['forest', 'ln-forestfire'],
    ['student roll', 'ln-edu'],
    ['ln-edu', 'ln-edu'],
    ['senlin', 'ln-forestfire'],
    ['budongchan', 'dl-realty'],
    ['bdc', 'dl-realty'],
  ])('%s brings %s first', (query, id) => {
    expect(top(query)).toBe(id);
  });

  it('finds nothing for what is nowhere', () => {
    expect(find('qqqq', systems)).toEqual([]);
    expect(find('xyzzy', systems)).toEqual([]);
  });

  it('returns everything in order for an empty query', () => {
    expect(find('  ', systems)).toEqual(systems);
  });

  it('prefers what the person uses among equals, not against a better match', () => {
    const one = { ...hukou, id: 'one' };
    const two = { ...hukou, id: 'two', use_count: 50 };
    expect(find('huji', [one, two])[0]?.id).toBe('two');
    const other = { ...hukou, id: 'other', name: '人口', pinyin: ['ren', 'kou'], aliases: [] };
    expect(find('renkou', [two, other])[0]?.id).toBe('other');
  });

  it('finds a long name by all its initials, and past digits in front', () => {
    const long = { ...systems[0]!, id: 'a', name: '8890综合服务平台', name_en: '', owner: '', aliases: [], aliases_pinyin: [] };
    const first = { ...long, pinyin: ['8', '8', '9', '0', 'zong', 'he', 'fu', 'wu', 'ping', 'tai'] };
    const other = { ...long, id: 'b', name: '文化旅游公共服务平台', pinyin: 'wen hua lu you gong gong fu wu ping tai'.split(' ') };
    expect(find('zhfwpt', [first, other]).map((one) => one.id)).toEqual(['a']);
    expect(find('whlyggfwpt', [first, other]).map((one) => one.id)).toEqual(['b']);
    expect(find('8890zhfwpt', [first, other]).map((one) => one.id)).toEqual(['a']);
  });

  it('answers within a keystroke for long and hostile input', () => {
    const started = performance.now();
    find('a'.repeat(5000), systems);
    find('zhzhzhzhzhzhzhzhzhzhzhzhzhzhzhzh', systems);
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('searches 60 systems in a fraction of a frame', () => {
    const sixty = [...systems, ...systems].slice(0, 60);
    find('zhihui', sixty);
    const started = performance.now();
    for (let i = 0; i < 20; i++) find('zhihui', sixty);
    expect((performance.now() - started) / 20).toBeLessThan(16);
  });
});

describe('spell', () => {
  it('takes polyphones in every reading', () => {
    expect(spell('zhong', ['重'], ['zhong|chong'])).toBeLessThan(0.1);
    expect(spell('chong', ['重'], ['zhong|chong'])).toBeLessThan(0.1);
  });

  it('refuses letters that no character carries', () => {
    expect(spell('hx', ['户', '籍'], ['hu', 'ji'])).toBe(Infinity);
  });

  it('survives missing syllables', () => {
    expect(spell('户', ['户', '籍'], [])).toBeLessThan(0.1);
  });
});
