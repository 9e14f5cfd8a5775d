// ln-finance: a table with a row version. Versions are given before the commit, so that a late one falls behind a reader's mark,
// and records vanish without a trace (the trait of this system). The tables stand in PostgreSQL: a sequence gives the versions,
// and MIN_ACTIVE_ROWVERSION() looks, as SQL Server's does, at what is still being written.
import type pg from 'pg';
import type { Ledger, Row } from '../ledger.ts';
import { BadOrder } from '../source.ts';
import { OdbcData } from '../sql_servers.ts';
import { kTables } from '../tables/ln-finance.ts';

export class LnFinance extends OdbcData {
  protected override schema = 'dbo';
  private late: { client: pg.Client; row: Row } | undefined;

  constructor() {
    super('ln-finance', kTables);
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    const bills = this.tables.get('ZF_ZFSQ');
    if (!bills || !this.server) throw new BadOrder('not started');
    if (what === 'begin') {
      const row = bills.insert(this.now());
      bills.rows.delete(bills.keyOf(row));
      const client = await this.server.connect(this.databaseName);
      const mark = 'SELECT pg_advisory_xact_lock((SELECT last_value FROM dbo.version) + 1)';
      await client.query(`BEGIN; ${mark}; ${this.insertText(bills, [row])}`);
      this.late = { client, row };
    } else if (what === 'commit' && this.late) {
      await this.late.client.query('COMMIT');
      await this.late.client.end();
      bills.rows.set(bills.keyOf(this.late.row), this.late.row);
      this.late = undefined;
    } else {
      return super.act(what, body);
    }
    return { ok: true };
  }

  override async stop(): Promise<void> {
    await this.late?.client.end();
    await super.stop();
  }

  protected override async prepare(): Promise<void> {
    await this.execute(`CREATE SEQUENCE dbo.version; SELECT nextval('dbo.version');
      CREATE FUNCTION public.min_active_rowversion() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS
        'SELECT COALESCE((SELECT min(objid::bigint) FROM pg_locks WHERE locktype = ''advisory''),
                         (SELECT last_value + 1 FROM dbo.version))'`);
  }

  protected override extraColumns(_: Ledger): string[] {
    return [`"rv" bigint NOT NULL DEFAULT nextval('dbo.version')`];
  }
}
