// qu-tourism: a complete CSV a day by FTP, UTF-8 with a byte order mark glued to the first header; records of an hour may come
// a day late (the trait of this system).
import { localText } from '../columns.ts';
import { csv } from '../csv.ts';
import type { Written } from '../drop.ts';
import { FtpData } from '../ftp.ts';
import { kPlainWire, written } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { kTables } from '../tables/qu-tourism.ts';
import { kEpochMs } from '../values.ts';

export class QuTourismData extends FtpData {
  protected override whole = true;

  constructor() {
    super('qu-tourism', kTables);
  }

  /** A count of weeks ago, reported today. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'late') return super.act(what, body);
    this.tables.get('flow')?.insert(this.now(), { code: 'JQ0009', time: kEpochMs, today: 4711 });
    await this.changed();
    return { ok: true };
  }

  protected override write(table: Ledger, rows: readonly Row[], number: number): Written {
    const day = localText(kEpochMs + number * 86_400_000).slice(0, 10).replaceAll('-', '');
    const cells = rows.map((row) => table.columns.map((c) => written(c, row.cells[c.name] ?? null, kPlainWire)));
    const text = `\ufeff${csv(table.columns.map((c) => c.wire), cells)}`;
    return { name: `${table.name}_${day}.csv`, bytes: Buffer.from(text, 'utf8') };
  }
}
