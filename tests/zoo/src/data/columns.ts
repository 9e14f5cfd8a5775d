// A column of a record: what it is called on the wire, what it is called in the shared database, and how a value is made.
// The truth is written from the value itself, never from what went over the wire.
import type { Seeded } from '../district/random.ts';
import { between, kEpochMs, kMinuteMs, take } from './values.ts';

/** Moments are ms since 1970, days `2026-06-30`, decimals their canonical text, codes the code itself. */
export type Cell = string | number | boolean | null;
export type Kind = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'datetime' | 'code' | 'json';
export type Codes = Readonly<Record<string, string>>;
/** `n` is the number of the record in its table, from 1. */
export type Make = (r: Seeded, n: number) => Cell;

export interface Column {
  name: string;
  wire: string;
  kind: Kind;
  make: Make;
  key: boolean;
  codes?: Codes;
  /** Holds the time of the last change instead of a value of its own. */
  changed?: boolean;
  /** Holds the number of the record's version, from 2. */
  counted?: boolean;
}

/** `order_no` is `orderNo` on most wires. */
export function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
}

function column(name: string, kind: Kind, make: Make, wire?: string): Column {
  return { name, kind, make, wire: wire ?? camel(name), key: false };
}

export function text(name: string, make: Make, wire?: string): Column {
  return column(name, 'text', make, wire);
}

export function key(name: string, make: Make, wire?: string): Column {
  return { ...text(name, make, wire), key: true };
}

/** A column of another kind that is (part of) the key. */
export function asKey(other: Column): Column {
  return { ...other, key: true };
}

export function whole(name: string, low: number, high: number, wire?: string): Column {
  return column(name, 'integer', (r) => between(r, low, high), wire);
}

export function decimal(name: string, low: number, high: number, digits: number, wire?: string): Column {
  return column(name, 'decimal', (r) => String(Number((low + r.next() * (high - low)).toFixed(digits))), wire);
}

export function yes(name: string, wire?: string): Column {
  return column(name, 'boolean', (r) => r.below(3) === 0, wire);
}

export function code(name: string, codes: Codes, wire?: string): Column {
  return { ...column(name, 'code', (r) => take(r, Object.keys(codes)), wire), codes };
}

/** A second of the days after the epoch of the demo data; `missing` of 10 are null. */
export function moment(name: string, wire?: string, missing = 0): Column {
  const make: Make = (r, n) =>
    r.below(10) < missing ? null : kEpochMs + n * kMinuteMs + r.below(86_400) * 1000;
  return column(name, 'datetime', make, wire);
}

export function day(name: string, wire?: string, missing = 0): Column {
  const make: Make = (r) => (r.below(10) < missing ? null : localText(kEpochMs + r.below(170) * 86_400_000).slice(0, 10));
  return column(name, 'date', make, wire);
}

export function changed(name: string, wire?: string): Column {
  return { ...column(name, 'datetime', () => null, wire), changed: true };
}

export function version(name: string, wire?: string): Column {
  return { ...column(name, 'integer', () => 0, wire), counted: true };
}

/** `2026-06-01 08:00:00` as a clock in the district shows it. */
export function localText(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** The canonical text of a value, as any copy of it must show. */
export function canonical(c: Column, value: Cell): string | null {
  if (value === null) return null;
  if (c.kind === 'code') return c.codes?.[String(value)] ?? null;
  if (c.kind !== 'datetime') return String(value);
  const ms = Number(value) % 1000;
  const fraction = ms === 0 ? '' : `.${String(ms).padStart(3, '0').replace(/0+$/, '')}`;
  return `${localText(Number(value)).replace(' ', 'T')}${fraction}+08:00`;
}
