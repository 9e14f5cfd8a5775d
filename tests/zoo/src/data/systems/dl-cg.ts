// dl-cg: cases with coordinates in metres of the city's own grid (the trait of this system), projected by proj4.
import proj4 from 'proj4';
import type { Cell } from '../columns.ts';
import type { Ledger, Row } from '../ledger.ts';
import { OdbcData } from '../sql_servers.ts';
import { kTables } from '../tables/dl-cg.ts';

/** Gauss-Krueger on CGCS2000 about 121.5 degrees, moved to an origin of the city's own. */
const kGrid = '+proj=tmerc +lat_0=0 +lon_0=121.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs';
const kEast = 460_000;
const kNorth = 4_280_000;

export class DlCg extends OdbcData {
  protected override schema = 'dbo';
  protected override flag = { column: 'DeleteFlag', type: 'int', living: 0, gone: (_: Row) => 1 };

  constructor() {
    super('dl-cg', kTables.filter((t) => t.name !== 'tcRec'));
    for (const t of kTables.filter((other) => other.name === 'tcRec')) {
      // A case is of one type for good: the item that it belongs to follows from it.
      const typed = (_: unknown, n: number): Cell => (n % 2 === 0 ? '1' : '2');
      const columns = t.columns.map((c) => (c.name === 'rec_type' ? { ...c, make: typed } : c));
      const cases = this.table(t.name, t.size, columns);
      this.view('ZS-SQ-009', cases, undefined, (row) => row.cells['rec_type'] === '2');
      this.view('ZS-SQ-010', cases, undefined, (row) => row.cells['rec_type'] === '1');
    }
  }

  protected override valuesOf(table: Ledger, row: Row): [name: string, value: Cell][] {
    const place = proj4('EPSG:4326', kGrid, [Number(row.cells['lng'] ?? 121.5), Number(row.cells['lat'] ?? 39)]);
    return super.valuesOf(table, row).map(([name, value]): [string, Cell] => {
      if (name === 'X') return [name, ((place[0] ?? 0) - kEast).toFixed(3)];
      return name === 'Y' ? [name, ((place[1] ?? 0) - kNorth).toFixed(3)] : [name, value];
    });
  }
}
