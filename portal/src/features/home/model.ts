import type { System, SystemList } from './queries';

export interface Group {
  id: string;
  name: string;
  items: System[];
}

const kRecents = 6;

export const favourites = (items: readonly System[]): System[] => items.filter((item) => item.favourite);

/** What was used last and is not already in front of the person as a favourite. */
export function recents(items: readonly System[]): System[] {
  return items
    .filter((item) => item.last_used_at && !item.favourite)
    .sort((a, b) => (b.last_used_at ?? '').localeCompare(a.last_used_at ?? ''))
    .slice(0, kRecents);
}

/** Below this many systems per category headings cost more room than they give order: one list then. */
const WORTH_A_HEADING = 3;

/** Groups in the order of the categories; a system of an unknown category is still shown. Few systems are one group. */
export function groups(list: SystemList, only: string, english: boolean, rest: string): Group[] {
  if (!only && list.items.length < list.categories.length * WORTH_A_HEADING) {
    return list.items.length ? [{ id: 'all', name: rest, items: list.items }] : [];
  }
  const known = new Set(list.categories.map((category) => category.id));
  const all = list.categories.map((category) => ({
    id: category.id,
    name: english ? category.name_en : category.name,
    items: list.items.filter((item) => item.category === category.id),
  }));
  const others = list.items.filter((item) => !known.has(item.category));
  if (others.length) all.push({ id: '-', name: rest, items: others });
  return all.filter((group) => group.items.length && (!only || group.id === only));
}

export type Trouble = 'down' | 'maintenance' | 'broken' | 'unlinked' | 'slow';

/** The one thing to say about a system on its tile, worst first. */
export function trouble(system: System): Trouble | undefined {
  if (system.state === 'down' || system.state === 'maintenance') return system.state;
  if (system.link === 'broken' || system.link === 'unlinked') return system.link;
  return system.state === 'slow' ? 'slow' : undefined;
}

export const tones: Record<Trouble, 'bad' | 'warn' | 'brand' | 'none'> = {
  down: 'bad',
  maintenance: 'warn',
  broken: 'bad',
  unlinked: 'brand',
  slow: 'warn',
};
