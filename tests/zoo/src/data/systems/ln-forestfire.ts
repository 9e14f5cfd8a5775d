// ln-forestfire: CSV in GBK by FTP, one file an hour, a marker with the number of records when it is whole; numbers in
// full-width digits, and files still being written (the trait of this system).
import { encode } from '../../core/charset.ts';
import { localText } from '../columns.ts';
import type { Cell, Column } from '../columns.ts';
import { csv } from '../csv.ts';
import type { Written } from '../drop.ts';
import { FtpData } from '../ftp.ts';
import { kPlainWire, written } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { BadOrder } from '../source.ts';
import { kTables } from '../tables/ln-forestfire.ts';
import { kEpochMs } from '../values.ts';

const kWire = { ...kPlainWire, decimal: (text: string): Cell => text };

function wide(text: string): string {
  return text.replace(/[0-9.]/g, (c) => (c === '.' ? '．' : String.fromCharCode(c.charCodeAt(0) + 0xfee0)));
}

export class LnForestfireData extends FtpData {
  constructor() {
    super('ln-forestfire', kTables);
  }

  /** `half`: a file without its marker; `miscount`: one whose marker says otherwise. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    const name = 'hot_2026123123.csv';
    if (what !== 'half' && what !== 'miscount' && what !== 'complete') return super.act(what, body);
    const table = this.tables.get('hot');
    if (!table) throw new BadOrder('no such table');
    const row = table.list()[0];
    const bytes = this.write(table, row ? [{ ...row, cells: { ...row.cells, hot_id: 'HOTNEW' } }] : [], 0).bytes;
    this.put(name, what === 'half' ? bytes.subarray(0, bytes.length - 20) : bytes);
    if (what === 'miscount') this.put(`${name}.ok`, Buffer.from('7'));
    return { ok: true };
  }

  protected override write(table: Ledger, rows: readonly Row[], number: number): Written {
    const hour = localText(kEpochMs + number * 3_600_000).replace(/[- ]/g, '').slice(0, 10);
    const name = `${table.name}_${hour}.csv`;
    const cells = rows.map((row) => table.columns.map((c) => this.cell(c, row)));
    const bytes = encode(csv(table.columns.map((c) => c.wire), cells), 'GBK');
    return { name, bytes, marker: { name: `${name}.ok`, text: `${rows.length}\r\n` } };
  }

  private cell(column: Column, row: Row): Cell {
    const value = written(column, row.cells[column.name] ?? null, kWire);
    return value !== null && (column.kind === 'decimal' || column.name === 'town') && row.n % 3 === 0 ? wide(String(value)) : value;
  }
}
