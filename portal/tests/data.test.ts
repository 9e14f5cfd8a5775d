import { beforeEach, describe, expect, it, vi } from 'vitest';
import { dataWorld } from '../mock/data_side';
import { choices, filterItems } from '../src/features/data/catalog/filter';
import { dropDraft, keepDraft, readDraft } from '../src/features/data/mapping/draft';
import { edited, wishFor } from '../src/features/data/letters/wish';
import { balanced, standing, took } from '../src/features/data/model';
import { noted, rate, remaining, type Sample } from '../src/features/data/progress';
import { figure, share, span } from '../src/lib/number';

const { items, runs } = dataWorld();
const supplied = items.find((item) => item.supplied && item.last_run?.state === 'done')!;
const run = supplied.last_run!;
const withRun = (change: Partial<typeof run>) => ({ ...supplied, late: false, last_run: { ...run, ...change } });
const idle = { paused: false, progress: null };

describe('standing', () => {
  it.each([
    ['unsupplied', { ...supplied, supplied: false }, idle],
    ['never', { ...supplied, last_run: null }, idle],
    ['running', withRun({ state: 'failed' }), { paused: false, progress: { read: 1, written: 0, rejected: 0 } }],
    ['held', withRun({ state: 'partial', removal: { unseen: 9, before: 9, removed: 0, refused: true } }), idle],
    ['failed', withRun({ state: 'retrying' }), { ...idle, paused: true }],
    ['paused', withRun({}), { ...idle, paused: true }],
    ['late', { ...withRun({ state: 'partial' }), late: true }, idle],
    ['partial', withRun({ state: 'partial' }), idle],
    ['cancelled', withRun({ state: 'cancelled' }), idle],
    ['ok', withRun({ removal: { unseen: 1, before: 900, removed: 1, refused: false } }), idle],
  ] as const)('says %s', (word, item, job) => {
    expect(standing(item, job as Parameters<typeof standing>[1])).toBe(word);
  });
});

describe('catalogue filters', () => {
  it('want every word, in any of the columns and any case', () => {
    const found = filterItems(items, { q: '党组织　QU-PARTY' });
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((item) => item.source === 'qu-party')).toBe(true);
    expect(filterItems(items, { q: '党组织 没有这样的词' })).toEqual([]);
  });

  it('count what each choice would leave, not what its own choice leaves', () => {
    const all = choices(items, { category: '党建' }, 'category');
    expect(all.length).toBeGreaterThan(5);
    for (const { value, count } of all) expect(filterItems(items, { category: value })).toHaveLength(count);
    const shares = choices(items, { category: '党建' }, 'share');
    expect(shares.reduce((sum, one) => sum + one.count, 0)).toBe(filterItems(items, { category: '党建' }).length);
  });

  it('keep a choice that the others leave without items, so that it can be taken back', () => {
    expect(choices(items, { q: 'zzzz', source: 'qu-party' }, 'source')).toEqual([{ value: 'qu-party', count: 0 }]);
  });

  it('show what needs a person first', () => {
    expect(choices(items, {}, 'standing').map((one) => one.value).slice(0, 2)).toEqual(['failed', 'held']);
  });
});

describe('runs', () => {
  it('are balanced in the mock as the hub promises, and one lost row is seen', () => {
    expect(runs.filter((one) => !balanced(one))).toEqual([]);
    expect(balanced({ ...run, counters: { ...run.counters, read: run.counters.read + 1 } })).toBe(false);
  });

  it('take until now while they run', () => {
    const started_at = '2026-11-21T03:00:00Z';
    const now = Date.parse(started_at) + 61_000;
    expect(took({ ...run, started_at, ended_at: null }, now)).toBe(61_000);
    expect(took({ ...run, started_at, ended_at: '2026-11-21T03:00:05Z' }, now)).toBe(5000);
    expect(took({ ...run, started_at: null }, now)).toBe(0);
  });
});

describe('figures', () => {
  const t = (key: string, values?: Record<string, string | number>): string => `${values?.n ?? ''}${key.slice(5, 6)}`;
  it.each([
    [999, 'l'], [59_999, '59s'], [60_000, '1m'], [150_000, '2m 30s'], [650_000, '10m'], [3_600_000, '1h'],
    [5_400_000, '1h 30m'], [180_000_000, '2d'],
  ])('%d ms read %s', (ms, text) => {
    expect(span(ms, t)).toBe(text);
  });

  it('never round up to all', () => {
    expect([share(9999, 10_000), share(10_000, 10_000), share(1, 3), share(0, 0)]).toEqual(['99.9 %', '100 %', '33.3 %', '']);
    expect(figure(1_234_567)).toBe('1,234,567');
  });
});

describe('progress', () => {
  const at = (seconds: number, read: number): Sample => ({ at: seconds * 1000, read });
  const all = [at(0, 0), at(1, 500), at(2, 1000)];
  it('gives rate and remaining time once there is something to judge by', () => {
    expect(rate([at(0, 0)])).toBeUndefined();
    expect(rate(all)).toBe(500);
    expect(remaining(all, 6000)).toBe(10_000);
    expect(remaining(all, 900)).toBeUndefined();
    expect(remaining([at(0, 7), at(5, 7)], 900)).toBeUndefined();
  });

  it('forgets what is old, and everything when another run began', () => {
    expect(noted([at(0, 1), at(10, 2)], 3, 20_000)).toEqual([at(10, 2), at(20, 3)]);
    expect(noted(all, 10, 3000)).toEqual([at(3, 10)]);
  });
});

describe('drafts of a mapping', () => {
  const kept = new Map<string, string>();
  beforeEach(() => {
    kept.clear();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    });
  });

  it('come back for the version they were made from, and for no other', () => {
    keepDraft('ZS-SQ-013', 'v1', 'fields: []');
    expect(readDraft('ZS-SQ-013', 'v1')).toBe('fields: []');
    expect(readDraft('ZS-SQ-013', 'v2')).toBeUndefined();
    expect(readDraft('ZS-SQ-014', 'v1')).toBeUndefined();
    dropDraft('ZS-SQ-013');
    expect(readDraft('ZS-SQ-013', 'v1')).toBeUndefined();
  });

  it('survive a store that holds something else', () => {
    kept.set('yimen.mapping.a', '{"version": 7');
    kept.set('yimen.mapping.b', '"text"');
    expect([readDraft('a', 'v1'), readDraft('b', 'v1')]).toEqual([undefined, undefined]);
  });
});

describe('a replay', () => {
  const cause = { item: 'ZS-1', rule: 'id_card', field: 'id_no' };
  const record = { id_no: '1', name: '张', note: null };

  it('is of all of the cause when nothing is chosen, and then takes no edits', () => {
    expect(wishFor(cause, new Set(), new Map([[3, record]]), true)).toEqual({ item: 'ZS-1', rule: 'id_card', field: 'id_no', dry_run: true });
    expect(wishFor({ ...cause, field: '' }, new Set(), new Map(), false)).toEqual({ item: 'ZS-1', rule: 'id_card', dry_run: false });
  });

  it('is of the chosen ones in order, with the edits of those alone', () => {
    expect(wishFor(cause, new Set([9, 3]), new Map([[3, record], [4, record]]), false)).toEqual({
      item: 'ZS-1', ids: [3, 9], edits: { 3: record }, dry_run: false,
    });
  });

  it('counts as edited only what differs; what was null stays null', () => {
    expect(edited(record, { id_no: '1', name: '张', note: '' })).toBeUndefined();
    expect(edited(record, { id_no: '2', name: '张', note: '' })).toEqual({ id_no: '2', name: '张', note: null });
    expect(edited(record, { id_no: '', name: '张', note: 'x' })).toEqual({ id_no: '', name: '张', note: 'x' });
  });
});
