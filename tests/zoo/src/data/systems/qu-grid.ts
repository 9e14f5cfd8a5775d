// qu-grid: a PostgreSQL table whose time of change is set before the commit, so that late commits fall behind the mark of a
// reader (the trait of this system).
import type pg from 'pg';
import type { Row } from '../ledger.ts';
import { BadOrder } from '../source.ts';
import { PostgresData } from '../sql_servers.ts';
import { kTables } from '../tables/qu-grid.ts';

export class QuGridData extends PostgresData {
  protected override schema = 'grid';
  protected override flag = {
    column: 'deleted_at',
    type: 'timestamptz',
    living: null,
    gone: (row: Row) => new Date(row.changedMs).toISOString(),
  };
  /** A transaction that is open, and the record it will bring. */
  private late: { client: pg.Client; row: Row } | undefined;

  constructor() {
    super('qu-grid', kTables);
  }

  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    const events = this.tables.get('event');
    if (!events || !this.server) throw new BadOrder('not started');
    if (what === 'begin') {
      const row = events.insert(this.now() - Number(body['seconds'] ?? 90) * 1000);
      events.rows.delete(events.keyOf(row));
      const client = await this.server.connect(this.databaseName);
      await client.query(`BEGIN; ${this.insertText(events, [row])}`);
      this.late = { client, row };
    } else if (what === 'commit' && this.late) {
      await this.late.client.query('COMMIT');
      await this.late.client.end();
      events.rows.set(events.keyOf(this.late.row), this.late.row);
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
}
