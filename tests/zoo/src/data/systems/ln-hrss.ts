// ln-hrss: views of which the account may hold one session at a time: a second one is refused (the trait of this system, as its
// data side shows it).
import type { Row } from '../ledger.ts';
import { kTables } from '../tables/ln-hrss.ts';
import { OracleData } from './oracle_data.ts';

export class LnHrss extends OracleData {
  protected override flag = { column: 'AAE100', type: 'char(1)', living: '1', gone: (_: Row) => '0' };

  constructor() {
    super('ln-hrss', kTables);
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'sessions') return super.act(what, body);
    await this.execute(`ALTER ROLE ${this.role} CONNECTION LIMIT ${Number(body['limit'] ?? 1)}`);
    return { ok: true };
  }
}
