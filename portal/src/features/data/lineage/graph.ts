// The neighbourhood of an item, two steps each way: who supplies it, who uses it, and what that is used with.
import type { Check, Lineage } from './queries';

export type Kind = 'provider' | 'system' | 'column' | 'item' | 'unit' | 'check' | 'other';
export interface Node {
  id: string;
  kind: Kind;
  name: string;
  /** a second line */
  more: string;
  /** where a click leads; nothing for what has no page */
  to?: string;
}
export interface Graph {
  /** from the source on the left to the last user on the right */
  layers: Node[][];
  edges: [from: string, to: string][];
  /** nodes left out because there are too many */
  hidden: number;
}
export interface Names {
  item: (code: string) => string;
  unit: (code: string) => string;
  check: (name: string) => string;
}
const kMost = 60;

const itemNode = (kind: Kind, code: string, names: Names): Node => ({
  id: `item ${code}`, kind, name: names.item(code), more: code, to: `/data/items/${code}/lineage`,
});

/**
 * @param field of the item; then only what this field comes from and who gets it
 * @param mayShare whether contracts and alerts have pages for this person
 */
export function graphOf(of: Lineage, checks: readonly Check[], names: Names, field = '', mayShare = true): Graph {
  const chosen = of.fields.find((one) => one.name === field);
  const provider: Node = { id: 'provider', kind: 'provider', name: of.provider, more: '' };
  const system: Node = { id: 'system', kind: 'system', name: of.system, more: of.table ?? '' };
  const item: Node = itemNode('item', of.item, names);
  const middle: Node = chosen ? { ...item, more: `${chosen.title || chosen.name} · ${chosen.name}` } : item;
  const column: Node[] = chosen?.from ? [{ id: 'column', kind: 'column', name: chosen.from, more: chosen.steps.join(', ') }] : [];
  const units = of.consumers
    .filter((one) => !chosen || one.fields.includes(chosen.name))
    .map((one): Node => ({ id: `share ${one.share}`, kind: 'unit', name: names.unit(one.unit), more: String(one.fields.length), to: mayShare ? `/data/shares/${one.share}` : undefined }));
  // A check asks the whole item; which of its columns is not declared.
  const asking = chosen ? [] : of.checks;
  const alerts = asking.map((name): Node => ({ id: `check ${name}`, kind: 'check', name: names.check(name), more: name, to: `/data/alerts?show=every&check=${name}` }));
  const others = new Map<string, Node>();
  const edges: Graph['edges'] = [['provider', 'system']];
  edges.push(...(column.length ? [['system', 'column'] as const, ['column', item.id] as const] : [['system', item.id] as const]).map(([a, b]): [string, string] => [a, b]));
  for (const node of [...units, ...alerts]) edges.push([item.id, node.id]);
  for (const check of checks.filter((one) => asking.includes(one.name))) {
    for (const code of check.items.filter((one) => one !== of.item)) {
      const other = itemNode('other', code, names);
      others.set(other.id, other);
      edges.push([`check ${check.name}`, other.id]);
    }
  }
  return trimmed({ layers: [[provider], [system], column, [middle], [...units, ...alerts], [...others.values()]], edges, hidden: 0 });
}

/** At most sixty nodes: what is farther away goes first. */
function trimmed(graph: Graph): Graph {
  const layers = graph.layers.map((layer) => [...layer]);
  let over = layers.reduce((sum, layer) => sum + layer.length, 0) - kMost;
  const hidden = Math.max(0, over);
  for (let at = layers.length - 1; at >= 0 && over > 0; at--) {
    const layer = layers[at] ?? [];
    over -= layer.splice(Math.max(0, layer.length - over)).length;
  }
  const kept = new Set(layers.flat().map((node) => node.id));
  return { layers: layers.filter((layer) => layer.length), edges: graph.edges.filter(([a, b]) => kept.has(a) && kept.has(b)), hidden };
}
