// Tables as lists, and columns that files and databases need beyond those of columns.ts.
import { kPlaces } from '../core/html.ts';
import type { Seeded } from '../district/random.ts';
import type { Cell, Column } from './columns.ts';
import { decimal, localText } from './columns.ts';
import { between, kEpochMs, oneOf } from './values.ts';

export interface TableSpec {
  name: string;
  size: number;
  item: string;
  columns: readonly Column[];
}

export const place = oneOf(kPlaces);

function made(name: string, wire: string, kind: Column['kind'], make: Column['make']): Column {
  return { name, wire, kind, make, key: false };
}

/** The record's own number. */
export function numbered(name: string, wire: string): Column {
  return made(name, wire, 'integer', (_, n) => n);
}

/** Yuan, of which the system writes thousands with two digits: the unit stands in the name. */
export function thousands(name: string, low: number, high: number, wire: string): Column {
  return made(name, wire, 'decimal', (r) => String(between(r, low, high) * 10));
}

/** Every quarter of an hour. */
export function quarter(name: string, wire: string): Column {
  return made(name, wire, 'datetime', (_, n) => kEpochMs + n * 15 * 60_000);
}

export function monthEnd(name: string, wire: string): Column {
  return made(name, wire, 'date', () => localText(Date.UTC(2026, 9, 31)).slice(0, 10));
}

/** Thirty-two signs that stand for a person. */
export function personRef(_: Seeded, n: number): Cell {
  return n.toString(16).padStart(32, 'a5c3f019e2b7d486');
}

/** Degrees east and north; the wire has metres of the city's own grid. */
export function east(name: string, wire: string): Column {
  return decimal(name, 121.4, 121.8, 6, wire);
}

export function north(name: string, wire: string): Column {
  return decimal(name, 38.85, 39.15, 6, wire);
}
