// qu-tower: an old PHP site, GBK; what was added later answers in UTF-8 (the trait of this system: one of its six exports).
import { encode } from '../../core/charset.ts';
import type { Exchange } from '../../core/exchange.ts';
import { csv } from '../csv.ts';
import { FilesOverHttp } from '../files_http.ts';
import { kPlainWire, written } from '../http.ts';
import { kTables } from '../tables/qu-tower.ts';

export class QuTower extends FilesOverHttp {
  constructor() {
    super('qu-tower', kTables);
    this.charset = 'GBK';
  }

  protected override build(): void {
    this.file('get', '/zs/export.php', (x) => this.export(x));
  }

  private export(x: Exchange): void {
    const table = this.asked(x, 't');
    if (!table) return;
    const rows = table.list().map((row) => table.columns.map((c) => written(c, row.cells[c.name] ?? null, kPlainWire)));
    const text = csv(table.columns.map((c) => c.wire), rows);
    const modern = table.name === 'tenant';
    // The header of the server's configuration says GBK of everything.
    x.bytes(modern ? Buffer.from(`\ufeff${text}`, 'utf8') : encode(text, 'GBK'), { type: 'text/csv;charset=GBK' });
  }
}
