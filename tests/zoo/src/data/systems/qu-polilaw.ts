// qu-polilaw: views of PostgreSQL; classes of people that hardly anybody may see (the trait of this system).
import type { Row } from '../ledger.ts';
import { PostgresData } from '../sql_servers.ts';
import { kTables } from '../tables/qu-polilaw.ts';

export class QuPolilaw extends PostgresData {
  protected override flag = { column: 'is_valid', type: 'boolean', living: true, gone: (_: Row) => false };

  constructor() {
    super('qu-polilaw', kTables);
  }
}
