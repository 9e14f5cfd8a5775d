// nat-credit: CSV in GBK that clerks have opened in a spreadsheet: leading tabs and apostrophes, ="..." around numbers, and
// credit codes that became 9.12E+17 (the trait of this system).
import { encode } from '../../core/charset.ts';
import type { Exchange } from '../../core/exchange.ts';
import type { Cell, Column } from '../columns.ts';
import { csv } from '../csv.ts';
import { FilesOverHttp } from '../files_http.ts';
import { kPlainWire, written } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { kTables } from '../tables/nat-credit.ts';

const kWire = { ...kPlainWire, decimal: (text: string): Cell => text };

export class NatCredit extends FilesOverHttp {
  /** Records whose credit code the spreadsheet has destroyed, by table. */
  private readonly broken = new Map<string, Set<number>>();

  constructor() {
    super('nat-credit', []);
    for (const t of kTables) {
      const ledger = this.table(t.name, t.size, t.columns);
      this.view(t.item, ledger, undefined, (row) => !this.broken.get(t.name)?.has(row.n));
    }
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.broken.clear();
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'spreadsheet') return super.act(what, body);
    const name = String(body['table'] ?? 'xzxk');
    const rows = this.tables.get(name)?.list() ?? [];
    this.broken.set(name, new Set(rows.slice(10, 10 + Number(body['records'] ?? 3)).map((row) => row.n)));
    return { ok: true };
  }

  protected override build(): void {
    this.file('get', '/export/sgs.csv', (x) => this.export(x));
  }

  private export(x: Exchange): void {
    const table = this.asked(x, 't');
    if (!table) return;
    const rows = table.list().map((row) => table.columns.map((c, i) => this.cell(table, row, c, i)));
    const text = csv(table.columns.map((c) => c.wire), rows);
    x.download(encode(text, 'GBK'), 'application/octet-stream', 'attachment; filename=sgs.csv');
  }

  private cell(table: Ledger, row: Row, column: Column, i: number): Cell {
    const value = written(column, row.cells[column.name] ?? null, kWire);
    if (column.name === 'uscc' && this.broken.get(table.name)?.has(row.n)) return '9.12103E+17';
    if (column.name === 'uscc') return row.n % 3 === 0 ? `="${String(value)}"` : `\t${String(value)}`;
    return column.key && (row.n + i) % 2 === 0 ? `'${String(value)}` : value;
  }
}
