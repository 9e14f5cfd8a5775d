// Files over HTTP: an account of the interface (Basic), one address for each table, the bytes as the system writes them.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../core/exchange.ts';
import { HttpData } from './http.ts';
import type { Ledger } from './ledger.ts';
import type { TableSpec } from './makes.ts';
import type { Reach } from './source.ts';

export abstract class FilesOverHttp extends HttpData {
  protected readonly password = randomBytes(18).toString('base64url');

  constructor(id: string, tables: readonly TableSpec[]) {
    super(id);
    for (const t of tables) this.table(t.name, t.size, t.columns, t.item);
  }

  protected override access(): Reach {
    const env = this.envName('password');
    const auth = { kind: 'basic', user: 'yimen', password: `env:${env}` };
    return { source: { auth }, env: { [env]: this.password } };
  }

  /** A file for those who are allowed in. */
  protected file(method: 'get' | 'post', path: string, give: (x: Exchange) => void): void {
    this.on(method, path, (x) => {
      const wanted = `Basic ${Buffer.from(`yimen:${this.password}`).toString('base64')}`;
      if (x.header('authorization') === wanted) return give(x);
      this.refused('wrong or no account', x.target);
      x.html('<h1>401</h1>', { status: 401, headers: { 'WWW-Authenticate': `Basic realm="${this.id}"` } });
    });
  }

  /** The table that the query names; undefined: answered already. */
  protected asked(x: Exchange, parameter: string): Ledger | undefined {
    const found = this.tables.get(x.query().get(parameter));
    if (found) return found;
    this.refused(`there is no table ${x.query().get(parameter)}`, x.target);
    x.html('参数错误', { status: 404 });
    return undefined;
  }
}
