// The data side of one system: its tables, what the hub must make of them, its faults and its own diary.
import { Diary } from '../core/diary.ts';
import type { EventKind } from '../core/types.ts';
import { Faults } from '../core/faults.ts';
import type { Column } from './columns.ts';
import { Ledger, View } from './ledger.ts';
import type { Row } from './ledger.ts';

export interface Reach {
  /** What a site writes into <id>.yaml of its folder sync.sources. */
  source: Record<string, unknown>;
  /** Secrets that it names as env:NAME. */
  env: Record<string, string>;
}

/** A fault of the test, not of the hub. */
export class BadOrder extends Error {}

export abstract class DataSource {
  readonly record = new Diary();
  readonly faults = new Faults();
  readonly tables = new Map<string, Ledger>();
  readonly views = new Map<string, View>();

  constructor(readonly id: string) {}

  /** Listens on a free port of `host`, or writes its files, or makes its database. */
  abstract start(host: string): Promise<void>;
  abstract stop(): Promise<void>;
  /** Known once it has started. */
  abstract reach(): Reach;

  /** Back to the first fill of that seed, without faults. */
  reset(seed: number): void {
    for (const table of this.tables.values()) table.reset(seed);
    this.faults.clear();
    this.record.clear();
  }

  /** After every change by the control port: sources that keep copies (files, databases) follow here. */
  async changed(): Promise<void> {}

  /** What only this system can be told to do; `what` names it. */
  async act(what: string, _body: Record<string, unknown>): Promise<unknown> {
    throw new BadOrder(`${this.id} cannot be told to ${what}`);
  }

  /** The system's clock, ms: whole seconds, as most of them keep their times. */
  now(): number {
    return Math.floor((Date.now() + this.faults.skewMs) / 1000) * 1000;
  }

  /** A table that is one data item, or several by `view`. */
  protected table(name: string, size: number, columns: readonly Column[], item?: string): Ledger {
    const ledger = new Ledger(name, columns, size);
    this.tables.set(name, ledger);
    if (item !== undefined) this.view(item, ledger);
    return ledger;
  }

  protected view(item: string, ledger: Ledger, names?: readonly string[], where?: (row: Row) => boolean): void {
    const columns = names?.map((name) => {
      const found = ledger.columns.find((c) => c.name === name);
      if (!found) throw new Error(`${item}: no column ${name} in ${ledger.name}`);
      return found;
    });
    this.views.set(item, new View(item, ledger, columns, where));
  }

  /** Loud in the record: what an honest reader never does. */
  protected refused(note: string, path = ''): void {
    this.event('refused', note, path);
  }

  protected event(event: EventKind, note: string, path = ''): void {
    this.record.add({ event, note, path });
  }
}
