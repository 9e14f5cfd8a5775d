// nat-stat: .xlsx with a cover sheet, merged header cells, numbers in thousands and sums that are formulas (the trait of this
// system). A header may be renamed overnight.
import type { CellObject } from 'xlsx';
import type { Exchange } from '../../core/exchange.ts';
import { FilesOverHttp } from '../files_http.ts';
import { kPlainWire, written } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { workbook } from '../sheets.ts';
import type { SheetCell } from '../sheets.ts';
import { kTables } from '../tables/nat-stat.ts';

export class NatStat extends FilesOverHttp {
  /** Header that is called otherwise now, and how. */
  private renamed: [string, string] | undefined;

  constructor() {
    super('nat-stat', kTables);
    this.addUp();
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.renamed = undefined;
    this.addUp();
  }

  override async changed(): Promise<void> {
    this.addUp();
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'rename') return super.act(what, body);
    this.renamed = [String(body['from']), String(body['to'])];
    return { ok: true };
  }

  protected override build(): void {
    for (const table of this.tables.values()) this.file('get', `/api/export/${table.name}.xlsx`, (x) => this.export(x, table));
  }

  private addUp(): void {
    for (const row of this.tables.get('gyqy')?.list() ?? [])
      row.cells['total'] = String(Number(row.cells['output']) + Number(row.cells['revenue']));
  }

  private export(x: Exchange, table: Ledger): void {
    const header = table.columns.map((c) => (c.wire === this.renamed?.[0] ? this.renamed[1] : c.wire));
    const rows = table.list().map((row, i) => table.columns.map((c) => this.cell(c.name, c.wire, row, i + 3, table)));
    const cover = { name: '说明', header: ['统计联网直报'], rows: [['本表金额单位为千元']] };
    x.bytes(workbook([cover, { name: '数据', header, rows }], 'xlsx'), {
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    });
  }

  private cell(name: string, wire: string, row: Row, line: number, table: Ledger): SheetCell {
    const column = table.columns.find((c) => c.name === name);
    const value = column ? written(column, row.cells[name] ?? null, kPlainWire) : null;
    if (!wire.includes('千元')) return value;
    const thousands = Number((Number(value) / 1000).toFixed(2));
    if (name !== 'total') return thousands;
    const formula: CellObject = { t: 'n', v: thousands, f: `E${line}+F${line}` };
    return formula;
  }
}
