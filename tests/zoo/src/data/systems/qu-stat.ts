// qu-stat: one .xls (BIFF8) for each report, with a cover sheet. The same index is published twice: 快报 first, 年报核定
// months later, with another value (the trait of this system).
import type { Exchange } from '../../core/exchange.ts';
import { BadOrder } from '../source.ts';
import { FilesOverHttp } from '../files_http.ts';
import { kPlainWire, written } from '../http.ts';
import { workbook } from '../sheets.ts';
import { kTables } from '../tables/qu-stat.ts';

export class QuStat extends FilesOverHttp {
  constructor() {
    super('qu-stat', kTables);
  }

  /** A first figure becomes the final one. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'publish') return super.act(what, body);
    const table = this.tables.get(String(body['table']));
    const row = table?.find(`${String(body['index'])}|202610`);
    if (!table || !row) throw new BadOrder('no such index');
    table.update(row, this.now(), { value: String(body['value']), flag: String(body['flag']) });
    return { ok: true };
  }

  protected override build(): void {
    this.file('get', '/tj/down.do', (x) => this.export(x));
  }

  private export(x: Exchange): void {
    const table = this.asked(x, 'bb');
    if (!table) return;
    const rows = table.list().map((row) => table.columns.map((c) => written(c, row.cells[c.name] ?? null, kPlainWire)));
    const cover = { name: '封面', header: ['统计报表'], rows: [['区统计局']] };
    const data = { name: '数据', header: table.columns.map((c) => c.wire), rows };
    x.bytes(workbook([cover, data], 'biff8'), { type: 'application/vnd.ms-excel' });
  }
}
