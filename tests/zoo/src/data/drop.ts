// Files that a system puts into a folder for others to fetch. What is fetched stands in memory; FTP and SFTP are two ways to it.
import { randomBytes } from 'node:crypto';
import type { Ledger, Row } from './ledger.ts';
import type { TableSpec } from './makes.ts';
import { DataSource } from './source.ts';

export interface DroppedFile {
  name: string;
  bytes: Buffer;
  modifiedMs: number;
}

/** What a system writes of some records of a table. */
export interface Written {
  name: string;
  bytes: Buffer;
  /** Files that say that this one is whole. */
  marker?: { name: string; text: string };
}

const kOldMs = 600_000;

export abstract class DropData extends DataSource {
  readonly user = 'yimen';
  readonly password = randomBytes(18).toString('base64url');
  readonly files = new Map<string, DroppedFile>();
  /** Each file brings all records, not only what changed since the one before. */
  protected whole = false;
  /** Records in the first files: a system that has run for some hours. */
  protected perFile = 250;
  private number = 0;
  private readonly dropped = new Map<string, number>();

  constructor(id: string, tables: readonly TableSpec[]) {
    super(id);
    for (const t of tables) this.table(t.name, t.size, t.columns, t.item);
  }

  /** A file of these records, the `number`-th of all. */
  protected abstract write(table: Ledger, rows: readonly Row[], number: number): Written;

  override reset(seed: number): void {
    super.reset(seed);
    this.files.clear();
    this.dropped.clear();
    this.number = 0;
    this.drop();
  }

  override async changed(): Promise<void> {
    this.drop();
  }

  list(): DroppedFile[] {
    return [...this.files.values()];
  }

  allowed(user: string, password: string): boolean {
    const good = user === this.user && password === this.password;
    if (!good) this.refused('wrong user or password');
    return good;
  }

  fetched(name: string): void {
    this.event('request', 'fetched', name);
  }

  /** Old enough to be stable for anybody. */
  protected put(name: string, bytes: Buffer): void {
    this.files.set(name, { name, bytes, modifiedMs: this.now() - kOldMs });
  }

  private drop(): void {
    for (const table of this.tables.values()) {
      const since = this.dropped.get(table.name) ?? 0;
      const news = (this.whole ? table.list() : table.all().filter((row) => row.seq > since)).sort((a, b) => a.seq - b.seq);
      const last = Math.max(0, ...table.all().map((row) => row.seq));
      if (last === since) continue;
      this.dropped.set(table.name, last);
      const step = this.whole ? news.length : this.perFile;
      for (let at = 0; at < news.length; at += step) this.lay(this.write(table, news.slice(at, at + step), ++this.number));
    }
  }

  private lay(file: Written): void {
    this.put(file.name, file.bytes);
    if (file.marker) this.put(file.marker.name, Buffer.from(file.marker.text, 'utf8'));
  }
}
