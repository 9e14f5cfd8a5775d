// qu-car: .xls (BIFF8). Days are serial numbers of the 1900 system, but some clerks typed them as text (the trait of this
// system), and some typed nonsense.
import type { Exchange } from '../../core/exchange.ts';
import { localText } from '../columns.ts';
import type { Cell, Column } from '../columns.ts';
import { FilesOverHttp } from '../files_http.ts';
import { kPlainWire, written } from '../http.ts';
import type { Row } from '../ledger.ts';
import { serial, workbook } from '../sheets.ts';
import { kTables } from '../tables/qu-car.ts';

const kWire = { ...kPlainWire, yes: (value: boolean): Cell => (value ? '是' : '否') };
const kNonsense = ['2026年13月45日', '待定', '45999999', '2026-02-30'];

export class QuCar extends FilesOverHttp {
  private nonsense = 0;

  constructor() {
    super('qu-car', kTables.filter((t) => t.name !== 'trip'));
    for (const t of kTables.filter((other) => other.name === 'trip'))
      this.view(t.item, this.table(t.name, t.size, t.columns), undefined, (row) => row.n > this.nonsense);
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.nonsense = 0;
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'nonsense') return super.act(what, body);
    this.nonsense = Number(body['records'] ?? 43);
    return { ok: true };
  }

  protected override build(): void {
    this.file('get', '/gwyc/export', (x) => this.export(x));
  }

  private export(x: Exchange): void {
    const table = this.asked(x, 'bb');
    if (!table) return;
    const rows = table.list().map((row) => table.columns.map((c) => this.cell(c, row)));
    const header = table.columns.map((c) => c.wire);
    x.bytes(workbook([{ name: 'Sheet1', header, rows }], 'biff8'), { type: 'application/vnd.ms-excel' });
  }

  private cell(column: Column, row: Row): Cell {
    const value = row.cells[column.name] ?? null;
    if (column.name === 'start_at' && row.n <= this.nonsense) return kNonsense[row.n % kNonsense.length] ?? '';
    if (value === null || (column.kind !== 'datetime' && column.kind !== 'date')) return written(column, value, kWire);
    const text = column.kind === 'date' ? String(value) : localText(Number(value));
    return row.n % 4 === 0 ? text.replace(/-0?/g, '/') : serial(text);
  }
}
