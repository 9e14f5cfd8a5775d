// Views of Oracle databases. No Oracle can be had here: the tables stand in PostgreSQL, and two functions of Oracle's names
// make it understand the statements of that dialect.
import type { TableSpec } from '../makes.ts';
import { OdbcData } from '../sql_servers.ts';

export abstract class OracleData extends OdbcData {
  protected override dialect = 'oracle';

  constructor(id: string, specs: readonly TableSpec[]) {
    super(id, specs);
  }

  protected override async prepare(): Promise<void> {
    await this.execute(`CREATE SCHEMA words;
      CREATE FUNCTION words.to_timestamp(text, text) RETURNS timestamp LANGUAGE sql IMMUTABLE AS 'SELECT $1::timestamp';
      CREATE FUNCTION words.numtodsinterval(numeric, text) RETURNS interval LANGUAGE sql IMMUTABLE AS
        'SELECT ($1 || '' '' || $2)::interval';
      GRANT USAGE ON SCHEMA words TO ${this.role};
      ALTER ROLE ${this.role} IN DATABASE ${this.databaseName} SET search_path = words, public, pg_catalog`);
  }
}
