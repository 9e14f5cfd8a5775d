// dl-ecology: values are revised for 30 days, days that are not known are 0000-00-00, and rows are deleted without a trace (the
// trait of this system).
import type { Cell } from '../columns.ts';
import { BadOrder } from '../source.ts';
import { MariaData } from '../sql_servers.ts';
import { kTables } from '../tables/dl-ecology.ts';

export class DlEcology extends MariaData {
  protected override emptyDay: Cell = '0000-00-00';

  constructor() {
    super('dl-ecology', kTables);
  }

  /** A value of `days` ago is corrected without a new time of change. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'revise') return super.act(what, body);
    const table = this.tables.get('violation');
    const row = table?.list()[0];
    if (!table || !row) throw new BadOrder('no such table');
    table.update(row, this.now() - Number(body['days'] ?? 20) * 86_400_000, { fine: '77.25' });
    await this.changed();
    return { doc_no: row.cells['doc_no'] };
  }
}
