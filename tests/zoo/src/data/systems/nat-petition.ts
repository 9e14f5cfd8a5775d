// nat-petition: a daily XML by SFTP whose bytes are GBK although it says UTF-8, with addresses of the ministry's own network in
// it (the trait of this system).
import { encode } from '../../core/charset.ts';
import { esc } from '../../core/html.ts';
import { localText } from '../columns.ts';
import type { Written } from '../drop.ts';
import { kPlainWire, written } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { SftpData } from '../sftp.ts';
import { kTables } from '../tables/nat-petition.ts';
import { kEpochMs } from '../values.ts';

const kWithdrawn = '90';

export class NatPetitionData extends SftpData {
  constructor() {
    super('nat-petition', kTables);
  }

  protected override write(table: Ledger, rows: readonly Row[], number: number): Written {
    const day = localText(kEpochMs + number * 86_400_000).slice(0, 10).replaceAll('-', '');
    const records = rows.map((row) => this.entry(table, row)).join('\r\n');
    const head = '<?xml version="1.0" encoding="UTF-8"?>\r\n<xfdata src="http://10.7.3.21:7001/xf"><list>\r\n';
    return { name: `${table.name}_${day}.xml`, bytes: encode(`${head}${records}\r\n</list></xfdata>\r\n`, 'GBK') };
  }

  private entry(table: Ledger, row: Row): string {
    const cells = table.columns.map((c) => {
      const value = row.op === 'D' && c.wire === 'zt' ? kWithdrawn : written(c, row.cells[c.name] ?? null, kPlainWire);
      return value === null ? `<${c.wire}/>` : `<${c.wire}>${esc(String(value))}</${c.wire}>`;
    });
    return `<row href="http://10.7.3.21:7001/xf/view.jsp;jsessionid=0A1B?id=${row.n}">${cells.join('')}</row>`;
  }
}
