import { describe, expect, it } from 'vitest';
import { alertWorld } from '../mock/alerts';
import { shareWorld } from '../mock/share_side';
import { ordered } from '../src/features/data/alerts/model';
import { graphOf } from '../src/features/data/lineage/graph';
import type { Lineage } from '../src/features/data/lineage/queries';
import { half } from '../src/features/data/model';
import { blank, daysLeft, draftOf, faults, instantOf, linesOf, masksFor, moveWord, movesOf, shown, typedOf, wordOf } from '../src/features/data/shares/model';

const { offers, shares } = shareWorld();
const offer = offers[0]!;
const share = (id: number) => shares.find((one) => one.id === id)!;
const good = () => ({ ...blank(offer, new Date(2026, 10, 21)), purpose: '核对参保', basis: '条例第二十条' });

describe('a request', () => {
  it('starts out without any field that says something of a person, for a year less a day', () => {
    const typed = blank(offer, new Date(2026, 10, 21));
    expect(Object.keys(typed.columns)).toEqual(['order_no', 'street', 'accepted_at', 'days']);
    expect([typed.from, typed.to]).toEqual(['2026-11-21', '2027-11-20']);
  });

  it.each([
    ['purpose', { purpose: '  ' }],
    ['purpose', { purpose: '用'.repeat(167) }],
    ['basis', { basis: '' }],
    ['from', { from: '2026-13-40' }],
    ['to', { to: '2026-11-20' }],
    ['quota', { quota: '0' }],
    ['quota', { quota: '1e3' }],
    ['columns', { columns: {} }],
    ['areaField', { area: '210211010' }],
    ['unit', { unit: '' }],
  ] as const)('says that %s is wrong', (fault, change) => {
    expect([...faults({ ...good(), ...change }, true)]).toEqual([fault]);
  });

  it('needs a legal basis for personal data alone', () => {
    expect(faults({ ...good(), basis: '' }, false).size).toBe(0);
    expect(faults(good(), true).size).toBe(0);
  });

  it('lets rows be chosen by what is plain and says nothing of a person', () => {
    const { terms } = draftOf({ ...good(), columns: { order_no: 'plain', phone: 'plain', id_no: 'hash' } }, offer);
    expect(terms.columns).toEqual([
      { field: 'order_no', mask: 'plain', filter: true }, { field: 'id_no', mask: 'hash' }, { field: 'phone', mask: 'plain' },
    ]);
    expect(terms.rows).toBeUndefined();
    expect(draftOf({ ...good(), area: '210211010', areaField: 'street', people: false }, offer).terms).toMatchObject({
      rows: { field: 'street', unit: '210211010' }, roles: [],
    });
  });

  it('comes back from an earlier one unchanged', () => {
    const again = draftOf(typedOf(share(45)), offer);
    expect(again.terms.columns.map((column) => [column.field, column.mask])).toEqual(share(45).terms.columns.map((column) => [column.field, column.mask]));
    expect(again.terms.rows).toEqual(share(45).terms.rows);
    expect([again.purpose, again.from, again.to]).toEqual([share(45).purpose, share(45).from, share(45).to]);
  });

  it('offers no partial mask for what is no text', () => {
    expect(masksFor({ type: 'date' })).toEqual(['plain', 'hash']);
  });
});

describe('a share', () => {
  it('is over after its term, whatever its state says', () => {
    expect(wordOf(share(48))).toBe('expired');
    expect(wordOf(share(43))).toBe('active');
  });

  it('shows personal data that is not masked as open', () => {
    expect(linesOf(share(41)).filter((line) => line.open).map((line) => line.field)).toEqual(['phone']);
    expect(linesOf(share(42)).filter((line) => line.open)).toEqual([]);
    expect(linesOf({ ...share(41), fields: [] })[0]).toMatchObject({ field: 'order_no', title: '', open: false });
  });

  it('is refused by whoever decides, taken back by whoever asked, ended once it began', () => {
    expect(movesOf(share(41))).toEqual(['approve', 'return', 'refuse']);
    expect(movesOf(share(45)).map((move) => moveWord(share(45), move))).toEqual(['withdraw']);
    expect(movesOf(share(44)).map((move) => moveWord(share(44), move))).toEqual(['suspend', 'end']);
  });

  it('is read as of a day, or of a time of the clock here', () => {
    expect([instantOf(''), instantOf('2026-06-30')]).toEqual(['', '2026-06-30']);
    expect(instantOf('2026-06-30 08:00')).toBe(new Date(2026, 5, 30, 8).toISOString());
    for (const wrong of ['30.6.2026', '2026-02-30x', '2026-06-30 8', '2026-06-30 25:00']) expect(instantOf(wrong)).toBeUndefined();
  });

  it('is shown as people read it, and a code by its beginning', () => {
    expect(shown('2026-06-01T17:24:10+08:00', { mask: 'plain', type: 'datetime' })).toBe('2026-06-01 17:24:10');
    expect(shown('9f2c41d07ab39f2c41d07ab3', { mask: 'hash', type: 'text' })).toBe('9f2c41d07ab3…');
    expect(shown('T-1', { mask: 'plain', type: 'text' })).toBe('T-1');
  });

  it('counts days to its last day, that day included', () => {
    expect(daysLeft({ to: '2026-11-21' }, new Date(2026, 10, 21, 23))).toBe(0);
    expect(daysLeft({ to: '2026-12-01' }, new Date(2026, 10, 21, 1))).toBe(10);
  });
});

describe('alerts', () => {
  it('stand in the order in which somebody should look at them', () => {
    expect(ordered(alertWorld().alerts).map((one) => `${one.state} ${one.severity} ${one.id}`)).toEqual([
      'open red 71', 'open red 73', 'open yellow 74', 'open yellow 75', 'taken red 72', 'closed red 76',
    ]);
  });

  it('say it in the language that is read', () => {
    expect(half('甲 / a', 'zh-CN')).toBe('甲');
    expect(half('甲 / a / b', 'en')).toBe('a / b');
    expect(half('只有一种', 'en')).toBe('只有一种');
  });
});

describe('the graph of an item', () => {
  const of: Lineage = {
    item: 'A-1', provider: '甲局', system: 'sys', table: 't', freshness: { cycle: '每日', last_success: null, age_seconds: null, limit_seconds: null, late: null },
    quality: { score: null, read: 0, rejected: 0, runs: [], dead_letters: [] },
    fields: [
      { name: 'id', title: '编号', type: 'text', from: 'ID', steps: [], personal: 'none' },
      { name: 'kind', title: '', type: 'text', from: 'KIND', steps: ['code kind'], personal: 'none' },
    ],
    batches: [], consumers: [{ share: 1, unit: 'D1', unit_name: '乙局', fields: ['id'] }, { share: 2, unit: 'D2', unit_name: '丙局', fields: ['id', 'kind'] }], checks: ['late'],
  };
  const checks = [{ ...alertWorld().checks[0]!, name: 'late', items: ['A-1', 'B-2'] }];
  const names = { item: (code: string) => code, unit: (unit: string) => unit, check: (name: string) => name };
  const ids = (graph: ReturnType<typeof graphOf>): string[][] => graph.layers.map((layer) => layer.map((node) => node.id));

  it('has two steps each way', () => {
    const graph = graphOf(of, checks, names);
    expect(ids(graph)).toEqual([['provider'], ['system'], ['item A-1'], ['share 1', 'share 2', 'check late'], ['item B-2']]);
    expect(graph.edges).toContainEqual(['check late', 'item B-2']);
    expect(graph.edges).toContainEqual(['system', 'item A-1']);
  });

  it('of one field goes through its column to those who get that field', () => {
    const graph = graphOf(of, checks, names, 'kind');
    expect(ids(graph)).toEqual([['provider'], ['system'], ['column'], ['item A-1'], ['share 2']]);
    expect(graph.layers[2]?.[0]).toMatchObject({ name: 'KIND', more: 'code kind' });
    expect(graph.edges).not.toContainEqual(['system', 'item A-1']);
  });

  it('never has more than sixty nodes, and no line to one that is left out', () => {
    const many = { ...of, consumers: Array.from({ length: 90 }, (_, i) => ({ share: i, unit: 'D', unit_name: 'D', fields: ['id'] })) };
    const graph = graphOf(many, checks, names);
    const kept = new Set(ids(graph).flat());
    expect(kept.size).toBe(60);
    expect(graph.hidden).toBe(95 - 60);
    expect(graph.edges.filter(([a, b]) => !kept.has(a) || !kept.has(b))).toEqual([]);
  });
});
