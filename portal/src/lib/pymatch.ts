// Finds systems by hanzi, full pinyin, initials, any mixture, aliases and English words.
// Syllables come from the server, one per character of the name; polyphones as "zhong|chong".

export interface Findable {
  id: string;
  name: string;
  name_en: string;
  owner: string;
  aliases: readonly string[];
  pinyin: readonly string[];
  aliases_pinyin?: readonly (readonly string[])[];
  use_count: number;
}

const kLimit = 2.9; // two skipped characters inside a name, or several initials; more is noise
const kFree = 4; // letters beyond these may all be initials: who types more of them means this name
const kLeadSkip = 0.25;
const kGap = 1.2;
const kInitial = 0.35;
const kPart = 0.5; // some letters of a syllable in the middle of the query
const kRest = 0.01; // shorter names first when all else is equal

const squeeze = (text: string): string => text.toLowerCase().replace(/[\s'·（）()-]+/g, '');

/** Cost of spelling `query` along the characters of a name; Infinity if it cannot be. */
export function spell(query: string, chars: readonly string[], syllables: readonly string[]): number {
  const memo = new Map<number, number>();
  const go = (i: number, j: number): number => {
    if (i === query.length) return (chars.length - j) * kRest;
    if (j === chars.length) return Infinity;
    const key = i * 256 + j;
    const known = memo.get(key);
    if (known !== undefined) return known;
    let best = go(i, j + 1) + (i === 0 ? kLeadSkip : kGap);
    if (query.startsWith((chars[j] ?? '').toLowerCase(), i)) best = Math.min(best, go(i + (chars[j]?.length ?? 1), j + 1));
    for (const reading of (syllables[j] ?? '').split('|')) {
      for (let k = 1; k <= reading.length && query[i + k - 1] === reading[k - 1]; k++) {
        const step = k === reading.length ? 0 : k === 1 ? kInitial : i + k === query.length ? 0.1 : kPart;
        best = Math.min(best, step + go(i + k, j + 1));
      }
    }
    memo.set(key, best);
    return best;
  };
  return go(0, 0);
}

function cost(query: string, item: Findable): number {
  let best = spell(query, [...item.name], item.pinyin);
  item.aliases.forEach((alias, index) => {
    const at = squeeze(alias).indexOf(query);
    if (at >= 0) best = Math.min(best, 0.1 + (at ? 0.4 : 0));
    const syllables = item.aliases_pinyin?.[index];
    if (syllables) best = Math.min(best, 0.1 + spell(query, [...alias], syllables));
  });
  const words = item.name_en.toLowerCase().split(/\s+/);
  const tails = words.map((_, start) => words.slice(start).join(''));
  if (tails.some((tail) => squeeze(tail).startsWith(query))) best = Math.min(best, 0.45);
  if (squeeze(item.id).includes(query) && query.length > 1) best = Math.min(best, 0.6);
  if (query.length > 1 && squeeze(item.owner).includes(query)) best = Math.min(best, 1.5);
  return best;
}

/** The items that fit, best first; what the person uses often wins among near equals. */
export function find<T extends Findable>(query: string, items: readonly T[]): T[] {
  const wanted = squeeze(query).slice(0, 32);
  if (!wanted) return [...items];
  const limit = kLimit + kInitial * Math.max(0, wanted.length - kFree);
  return items
    .map((item) => ({ item, rank: cost(wanted, item) }))
    .filter(({ rank }) => rank <= limit)
    .map((hit) => ({ ...hit, rank: hit.rank - Math.min(0.3, Math.log1p(hit.item.use_count) / 20) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
