// The two servers as data sides: a database and a reading account for each system.
import type pg from 'pg';
import type mysql from 'mysql2/promise';
import type { Column } from './columns.ts';
import { MariaServer } from './mariadb.ts';
import type { TableSpec } from './makes.ts';
import { PostgresServer } from './postgres.ts';
import type { Reach } from './source.ts';
import { SqlData } from './sql.ts';

const kPostgresTypes: Record<string, string> = {
  ...{ text: 'text', code: 'text', json: 'jsonb', integer: 'bigint', decimal: 'numeric' },
  ...{ boolean: 'boolean', date: 'date', datetime: 'timestamp(0)' },
};
const kMariaTypes: Record<string, string> = {
  ...{ text: 'varchar(300)', code: 'varchar(10)', json: 'json', integer: 'bigint', decimal: 'decimal(20,6)' },
  ...{ boolean: 'tinyint(1)', date: 'date', datetime: 'datetime' },
};
/** psqlODBC, as the Debian package odbc-postgresql puts it. */
const kDriver = '/usr/lib/x86_64-linux-gnu/odbc/psqlodbcw.so';

export abstract class PostgresData extends SqlData {
  protected server: PostgresServer | undefined;
  protected admin: pg.Client | undefined;

  constructor(id: string, specs: readonly TableSpec[]) {
    super(id, specs, { quote: '"', type: (c: Column) => kPostgresTypes[c.kind] ?? 'text' });
  }

  override async start(): Promise<void> {
    this.server = await PostgresServer.use();
    const first = await this.server.connect('postgres');
    await first.query(`CREATE DATABASE ${this.databaseName}`);
    await first.query(`CREATE ROLE ${this.role} LOGIN PASSWORD '${this.password}'`);
    await first.end();
    this.admin = await this.server.connect(this.databaseName);
    const own = `"${this.schema}"`;
    if (this.schema !== '') await this.execute(`CREATE SCHEMA ${own}; GRANT USAGE ON SCHEMA ${own} TO ${this.role}`);
    await this.prepare();
    await this.build();
    const schema = this.schema === '' ? 'public' : this.schema;
    await this.execute(`GRANT SELECT ON ALL TABLES IN SCHEMA "${schema}" TO ${this.role}`);
  }

  override async stop(): Promise<void> {
    await this.admin?.end();
    await PostgresServer.release();
  }

  override reach(): Reach {
    const { folder = '' } = this.server ?? {};
    const at = { kind: 'postgresql', host: folder, database: this.databaseName, user: this.role };
    return { source: { ...at, password: `env:${this.secretName}` }, env: { [this.secretName]: this.password } };
  }

  protected get role(): string {
    return `${this.user}_${this.databaseName}`;
  }

  protected get secretName(): string {
    return `ZOO_${this.databaseName.toUpperCase()}_PASSWORD`;
  }

  /** What there has to be before the tables. */
  protected async prepare(): Promise<void> {}

  protected override async execute(sql: string): Promise<void> {
    await this.admin?.query(sql);
  }
}

/** Behind ODBC: the driver is PostgreSQL's, whatever the dialect is. */
export abstract class OdbcData extends PostgresData {
  protected dialect = 'postgresql';

  override reach(): Reach {
    const { env } = super.reach();
    const where = [`Servername=${this.server?.folder ?? ''}`, `Database=${this.databaseName}`];
    const options = [...where, 'UseDeclareFetch=1', 'Fetch=1000', 'BoolsAsChar=1'];
    const at = { kind: 'odbc', dialect: this.dialect, driver: kDriver, options };
    return { source: { ...at, user: this.role, password: `env:${this.secretName}` }, env };
  }
}

export abstract class MariaData extends SqlData {
  private server: MariaServer | undefined;
  private admin: mysql.Connection | undefined;

  constructor(id: string, specs: readonly TableSpec[]) {
    super(id, specs, { quote: '`', type: (c: Column) => kMariaTypes[c.kind] ?? 'text' });
  }

  override async start(): Promise<void> {
    this.server = await MariaServer.use();
    this.admin = await this.server.connect();
    const name = this.databaseName;
    await this.execute(`CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name};
      CREATE USER ${this.user}_${name} IDENTIFIED BY '${this.password}'; GRANT SELECT ON ${name}.* TO ${this.user}_${name}`);
    await this.build();
  }

  override async stop(): Promise<void> {
    await this.admin?.end();
    await MariaServer.release();
  }

  override reach(): Reach {
    const env = `ZOO_${this.databaseName.toUpperCase()}_PASSWORD`;
    const at = { kind: 'mysql', socket: this.server?.socket ?? '', database: this.databaseName, time_zone: '+08:00' };
    const user = `${this.user}_${this.databaseName}`;
    return { source: { ...at, user, password: `env:${env}` }, env: { [env]: this.password } };
  }

  protected override async execute(sql: string): Promise<void> {
    await this.admin?.query(sql);
  }
}
