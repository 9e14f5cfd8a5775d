// Facets and search over the whole catalogue: a few hundred items, so the browser does it while one types.
import { kStandings, standing, type Standing } from '../model';
import type { Item } from '../queries';

export const kFacets = ['category', 'source', 'share', 'cycle', 'level', 'standing'] as const;
export type Facet = (typeof kFacets)[number];
export type Wanted = Partial<Record<Facet | 'q', string>>;
export interface Choice {
  value: string;
  count: number;
}

const of = (item: Item, facet: Facet): string => (facet === 'standing' ? standing(item) : String(item[facet]));

const holds = (item: Item, words: readonly string[]): boolean => {
  const text = [item.name, item.code, item.provider, item.source, item.category].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
};

export function filterItems(items: readonly Item[], wanted: Wanted, except?: Facet): Item[] {
  const words = (wanted.q ?? '').toLowerCase().split(/[\s\u3000]+/).filter(Boolean);
  const facets = kFacets.filter((facet) => facet !== except && wanted[facet]);
  return items.filter((item) => facets.every((facet) => of(item, facet) === wanted[facet]) && holds(item, words));
}

/** The values of a facet under all other filters, most items first; standings in their own order. */
export function choices(items: readonly Item[], wanted: Wanted, facet: Facet): Choice[] {
  const counts = new Map<string, number>();
  for (const item of filterItems(items, wanted, facet)) counts.set(of(item, facet), (counts.get(of(item, facet)) ?? 0) + 1);
  const chosen = wanted[facet];
  if (chosen && !counts.has(chosen)) counts.set(chosen, 0);
  const all = [...counts].map(([value, count]) => ({ value, count }));
  if (facet === 'standing') {
    return all.sort((a, b) => kStandings.indexOf(a.value as Standing) - kStandings.indexOf(b.value as Standing));
  }
  if (facet === 'level') return all.sort((a, b) => a.value.localeCompare(b.value));
  return all.sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}
