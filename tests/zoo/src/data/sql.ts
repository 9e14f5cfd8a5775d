// Data sides that are tables of a real database: what the ledger says is written there, and an account may read it.
import { randomBytes } from 'node:crypto';
import { localText } from './columns.ts';
import type { Cell, Column } from './columns.ts';
import { written } from './http.ts';
import type { Wire } from './http.ts';
import type { Ledger, Row } from './ledger.ts';
import type { TableSpec } from './makes.ts';
import { DataSource } from './source.ts';

/** A column that says that a record is gone. */
export interface Flag {
  column: string;
  type: string;
  living: Cell;
  gone: (row: Row) => Cell;
}

export interface SqlWords {
  quote: string;
  /** Type of a column, and what goes behind the columns of a table. */
  type: (c: Column) => string;
}

const kRowsAtOnce = 500;
const kSqlWire: Wire = { moment: localText, day: (day) => day, yes: (value) => value, decimal: (text) => text };

export abstract class SqlData extends DataSource {
  readonly user = 'yimen_reader';
  readonly password = randomBytes(18).toString('hex');
  protected flag: Flag | undefined;
  protected schema = '';
  /** Texts of days that the system writes where it has none. */
  protected emptyDay: Cell = null;
  private readonly stored = new Map<string, number>();
  private fresh = true;

  constructor(
    id: string,
    specs: readonly TableSpec[],
    private readonly words: SqlWords,
  ) {
    super(id);
    for (const t of specs) this.table(t.name, t.size, t.columns, t.item);
  }

  /** Records of such a table say when they changed, and that they are gone; of the others they vanish. */
  private flagged(table: Ledger): boolean {
    return this.flag !== undefined && table.columns.some((c) => c.changed);
  }

  protected abstract execute(sql: string): Promise<void>;

  protected get databaseName(): string {
    return this.id.replace(/-/g, '_');
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.fresh = true;
  }

  override async changed(): Promise<void> {
    for (const table of this.tables.values()) await this.bring(table);
    this.fresh = false;
  }

  /** Tables and their first fill. */
  protected async build(): Promise<void> {
    for (const table of this.tables.values()) await this.execute(this.createText(table));
    await this.changed();
  }

  protected path(name: string): string {
    const q = this.words.quote;
    return (this.schema === '' ? '' : `${q}${this.schema}${q}.`) + q + name + q;
  }

  /** More columns that this system has beside those of its items. */
  protected extraColumns(_table: Ledger): string[] {
    return [];
  }

  /** Columns that are written, with their values. */
  protected valuesOf(table: Ledger, row: Row): [name: string, value: Cell][] {
    const out = table.columns.map((c): [string, Cell] => {
      const value = written(c, row.cells[c.name] ?? null, kSqlWire);
      return [c.wire, value === null && c.kind === 'date' ? this.emptyDay : value];
    });
    if (this.flag && this.flagged(table)) out.push([this.flag.column, row.op === 'D' ? this.flag.gone(row) : this.flag.living]);
    return out;
  }

  protected insertText(table: Ledger, rows: readonly Row[]): string {
    const q = this.words.quote;
    const names = (rows[0] ? this.valuesOf(table, rows[0]) : []).map(([name]) => q + name + q).join(', ');
    const lines = rows.map((row) => `(${this.valuesOf(table, row).map(([, value]) => literal(value)).join(', ')})`);
    return `INSERT INTO ${this.path(table.name)} (${names}) VALUES ${lines.join(', ')}`;
  }

  private createText(table: Ledger): string {
    const q = this.words.quote;
    const columns = table.columns.map((c) => `${q}${c.wire}${q} ${this.words.type(c)}${c.key ? ' NOT NULL' : ''}`);
    if (this.flag && this.flagged(table)) columns.push(`${q}${this.flag.column}${q} ${this.flag.type}`);
    const keys = table.columns.filter((c) => c.key).map((c) => q + c.wire + q);
    const all = [...columns, ...this.extraColumns(table), `PRIMARY KEY (${keys.join(', ')})`];
    return `CREATE TABLE ${this.path(table.name)} (${all.join(', ')})`;
  }

  private async bring(table: Ledger): Promise<void> {
    if (this.fresh) await this.execute(`DELETE FROM ${this.path(table.name)}`);
    const since = this.fresh ? 0 : (this.stored.get(table.name) ?? 0);
    const news = table.all().filter((row) => row.seq > since);
    this.stored.set(table.name, Math.max(since, ...news.map((row) => row.seq)));
    for (const row of this.fresh ? [] : news)
      await this.execute(`DELETE FROM ${this.path(table.name)} WHERE ${this.keyText(table, row)}`);
    const kept = news.filter((row) => row.op !== 'D' || this.flagged(table));
    for (let at = 0; at < kept.length; at += kRowsAtOnce)
      await this.execute(this.insertText(table, kept.slice(at, at + kRowsAtOnce)));
  }

  protected keyText(table: Ledger, row: Row): string {
    const q = this.words.quote;
    const keys = table.columns.filter((c) => c.key);
    return keys.map((c) => `${q}${c.wire}${q} = ${literal(written(c, row.cells[c.name] ?? null, kSqlWire))}`).join(' AND ');
  }
}

export function literal(value: Cell): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? `'${value.replace(/'/g, "''")}'` : String(value).toUpperCase();
}
