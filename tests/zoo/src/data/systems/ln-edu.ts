// ln-edu: "学籍.xls" is an HTML table behind a view state of 400 kB, in UTF-8 with a byte order mark, labelled gb2312 (the trait
// of this system). After an upgrade the same address may give a real .xls or an .xlsx.
import type { Exchange } from '../../core/exchange.ts';
import { FilesOverHttp } from '../files_http.ts';
import { kPlainWire, written } from '../http.ts';
import { htmlWorkbook, workbook } from '../sheets.ts';
import { kTables } from '../tables/ln-edu.ts';
import { BadOrder } from '../source.ts';

const kForms = ['html', 'biff8', 'xlsx'] as const;

export class LnEduData extends FilesOverHttp {
  private form: (typeof kForms)[number] = 'html';

  constructor() {
    super('ln-edu', kTables);
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.form = 'html';
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'upgrade') return super.act(what, body);
    const form = kForms.find((f) => f === body['form']);
    if (!form) throw new BadOrder(`form: one of ${kForms.join(', ')}`);
    this.form = form;
    return { ok: true };
  }

  protected override build(): void {
    this.file('get', '/Export.aspx', (x) => this.export(x));
  }

  private export(x: Exchange): void {
    const table = this.asked(x, 'bb');
    if (!table) return;
    const header = table.columns.map((c) => c.wire);
    const rows = table.list().map((row) => table.columns.map((c) => written(c, row.cells[c.name] ?? null, kPlainWire)));
    const title = '学籍信息';
    const bytes =
      this.form === 'html'
        ? Buffer.from(htmlWorkbook(title, header, rows), 'utf8')
        : workbook([{ name: title, header: header.map((h) => `${title}/${h}`), rows }], this.form);
    x.bytes(bytes, { type: 'application/vnd.ms-excel', headers: { 'Content-Disposition': 'attachment; filename=export.xls' } });
  }
}
