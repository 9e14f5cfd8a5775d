// ln-flood: records of 80 bytes in GBK by FTP: columns are counted in bytes, station names are Chinese, and 9999.9 means that
// there is no value (the trait of this system).
import { encode } from '../../core/charset.ts';
import { localText } from '../columns.ts';
import type { Cell, Column } from '../columns.ts';
import type { Written } from '../drop.ts';
import { fixedLine } from '../fixed.ts';
import { FtpData } from '../ftp.ts';
import { kPlainWire, written } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { kTables } from '../tables/ln-flood.ts';
import { kEpochMs } from '../values.ts';

const kRecord = 80;
const kLetters: Record<string, string> = { rain: 'R', river: 'Z', site: 'S' };
export const kFloodWidths: Record<string, readonly number[]> = {
  rain: [8, 16, 6, 5, 6, 1, 20],
  river: [8, 16, 8, 9, 8, 8, 20],
  site: [10, 30, 11, 10, 12],
};
const kMissing = '9999.9';
const kWire = { ...kPlainWire, moment: (ms: number): Cell => localText(ms).slice(0, 16), decimal: (text: string): Cell => text };

/** Times are whole minutes; every seventh gauge gives no value. */
function asMeasured(c: Column): Column {
  if (c.kind === 'datetime') return { ...c, make: (_, n) => kEpochMs + n * 300_000 };
  if (!['drp', 'dyp', 'q'].includes(c.name)) return c;
  return { ...c, make: (r, n) => (n % 7 === 0 ? null : c.make(r, n)) };
}

export class LnFloodData extends FtpData {
  constructor() {
    super(
      'ln-flood',
      kTables.map((t) => ({ ...t, columns: t.columns.map(asMeasured) })),
    );
  }

  protected override write(table: Ledger, rows: readonly Row[], number: number): Written {
    const minute = localText(kEpochMs + number * 600_000).replace(/[- :]/g, '').slice(0, 12);
    const lines = rows.map((row) => {
      const fields = table.columns.map((c, i) => ({
        value: written(c, row.cells[c.name] ?? null, kWire) ?? (c.kind === 'decimal' ? kMissing : null),
        width: kFloodWidths[table.name]?.[i] ?? 0,
        right: c.kind === 'decimal',
      }));
      const used = fields.reduce((sum, f) => sum + f.width, 0);
      return `${fixedLine([...fields, { value: '', width: kRecord - used, right: false }])}\r\n`;
    });
    const name = `${kLetters[table.name] ?? ''}${minute}.txt`;
    return { name, bytes: encode(lines.join(''), 'GBK') };
  }
}
