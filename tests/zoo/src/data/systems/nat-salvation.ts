// nat-salvation: a view whose time of change has whole seconds, thousands of records in one of them, and records that vanish
// 30 days after they were marked as deleted (the trait of this system).
import type { Row } from '../ledger.ts';
import { kTables } from '../tables/nat-salvation.ts';
import { OracleData } from './oracle_data.ts';

const kKeptMs = 30 * 86_400_000;

export class NatSalvationData extends OracleData {
  protected override flag = { column: 'XGZT', type: 'char(1)', living: 'U', gone: (_: Row) => 'D' };

  constructor() {
    super('nat-salvation', kTables);
  }

  /** The nightly job of the ministry. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'purge') return super.act(what, body);
    const before = new Date(this.now() - kKeptMs + 8 * 3_600_000).toISOString().slice(0, 19);
    for (const table of this.tables.values())
      await this.execute(`DELETE FROM ${this.path(table.name)} WHERE "XGZT" = 'D' AND "LAST_MODI_TIME" < '${before}'`);
    return { ok: true };
  }
}
