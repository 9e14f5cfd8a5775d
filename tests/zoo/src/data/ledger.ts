// The simulator's own record of one table: what is there, what was there, and since when. Everything follows from the seed
// and the changes asked for.
import { createHash } from 'node:crypto';
import { Seeded } from '../district/random.ts';
import { canonical } from './columns.ts';
import type { Cell, Column } from './columns.ts';
import { kEpochMs, kMinuteMs } from './values.ts';

export interface Row {
  /** Number of the record, from 1. */
  n: number;
  cells: Record<string, Cell>;
  changedMs: number;
  /** How often it was written, from 1. */
  version: number;
  /** Number of the last change within the table, from 1: a change feed's sequence. */
  seq: number;
  /** How it came to stand as it does. */
  op: 'I' | 'U' | 'D';
}

/** A change as a feed tells it. */
export interface Logged {
  seq: number;
  op: 'I' | 'U' | 'D';
  row: Row;
  cells: Record<string, Cell>;
}

export interface Truth {
  fields: string[];
  rows: (string | null)[][];
  /** SHA-256 over the rows as JSON, sorted by bytes, one a line. */
  hash: string;
}

export interface Change {
  insert: number;
  update: number;
  remove: number;
  atMs: number;
}

export class Ledger {
  /** Living records by key. */
  readonly rows = new Map<string, Row>();
  /** Records that are gone, by key; a system may show them for a while. */
  readonly gone = new Map<string, Row>();
  /** Every change since the first fill, by number, without gaps. */
  readonly log: Logged[] = [];
  private chance = new Seeded(1);
  private made = 0;
  private seq = 0;

  constructor(
    readonly name: string,
    readonly columns: readonly Column[],
    readonly size: number,
  ) {
    if (!columns.some((c) => c.key)) throw new Error(`${name}: no key`);
    this.reset(1);
  }

  /** The first fill. */
  reset(seed: number): void {
    this.chance = new Seeded(seed * 7919 + this.name.length * 104_729);
    this.rows.clear();
    this.gone.clear();
    this.log.length = 0;
    this.made = 0;
    this.seq = 0;
    for (let i = 1; i <= this.size; i++) this.insert(kEpochMs + i * kMinuteMs);
  }

  insert(atMs: number, fixed: Record<string, Cell> = {}): Row {
    const n = ++this.made;
    const row: Row = { n, cells: {}, changedMs: atMs, version: 0, seq: ++this.seq, op: 'I' };
    for (const c of this.columns) row.cells[c.name] = c.make(this.chance, n);
    Object.assign(row.cells, fixed);
    this.stamp(row);
    this.gone.delete(this.keyOf(row));
    this.rows.set(this.keyOf(row), row);
    return row;
  }

  /** New values for everything but the key, or only for what is given. */
  update(row: Row, atMs: number, fixed?: Record<string, Cell>): void {
    if (fixed) Object.assign(row.cells, fixed);
    else for (const c of this.columns) if (!c.key) row.cells[c.name] = c.make(this.chance, row.n);
    Object.assign(row, { changedMs: atMs, seq: ++this.seq, op: 'U' });
    this.stamp(row);
  }

  remove(row: Row, atMs: number): void {
    Object.assign(row, { changedMs: atMs, seq: ++this.seq, op: 'D' });
    this.stamp(row);
    this.rows.delete(this.keyOf(row));
    this.gone.set(this.keyOf(row), row);
  }

  /** A day's work: some records are corrected, some go, some come. */
  change(what: Change): void {
    const living = this.list();
    const picked = (): Row | undefined => living.splice(this.chance.below(living.length), 1)[0];
    for (let i = 0; i < what.update; i++) {
      const row = picked();
      if (row) this.update(row, what.atMs);
    }
    for (let i = 0; i < what.remove; i++) {
      const row = picked();
      if (row) this.remove(row, what.atMs);
    }
    for (let i = 0; i < what.insert; i++) this.insert(what.atMs);
  }

  find(key: string): Row | undefined {
    return this.rows.get(key);
  }

  list(): Row[] {
    return [...this.rows.values()];
  }

  /** Living and gone. */
  all(): Row[] {
    return [...this.rows.values(), ...this.gone.values()];
  }

  keyOf(row: Row): string {
    return this.columns
      .filter((c) => c.key)
      .map((c) => String(row.cells[c.name]))
      .join('|');
  }

  private stamp(row: Row): void {
    row.version++;
    for (const c of this.columns) {
      if (c.changed) row.cells[c.name] = row.changedMs;
      if (c.counted) row.cells[c.name] = row.version + 1;
    }
    this.log.push({ seq: row.seq, op: row.op, row, cells: { ...row.cells } });
  }
}

/** A data item as the shared database must hold it: some columns of some records of a table. */
export class View {
  constructor(
    readonly item: string,
    readonly ledger: Ledger,
    readonly columns: readonly Column[] = ledger.columns,
    readonly where: (row: Row) => boolean = () => true,
  ) {}

  truth(): Truth {
    const rows = this.ledger
      .list()
      .filter(this.where)
      .map((row) => this.columns.map((c) => canonical(c, row.cells[c.name] ?? null)));
    const lines = rows.map((cells) => Buffer.from(JSON.stringify(cells), 'utf8')).sort(Buffer.compare);
    const hash = createHash('sha256');
    for (const line of lines) hash.update(line).update('\n');
    return { fields: this.columns.map((c) => c.name), rows, hash: hash.digest('hex') };
  }
}
