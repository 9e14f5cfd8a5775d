// A real MariaDB server, started by whoever needs it first and ended with the process; a database for each system.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';

const kTries = 600;
const run = promisify(execFile);

export class MariaServer {
  private static one: Promise<MariaServer> | undefined;
  private static users = 0;
  readonly folder = mkdtempSync(`${tmpdir()}/zoo-maria-`);
  readonly socket = `${this.folder}/s`;
  private child: ChildProcess | undefined;

  static async use(): Promise<MariaServer> {
    this.users++;
    this.one ??= new MariaServer().begin();
    return this.one;
  }

  static async release(): Promise<void> {
    if (--this.users > 0) return;
    const server = await this.one;
    this.one = undefined;
    server?.end();
  }

  async connect(): Promise<mysql.Connection> {
    return mysql.createConnection({ socketPath: this.socket, user: 'root', charset: 'utf8mb4', multipleStatements: true });
  }

  private async begin(): Promise<MariaServer> {
    const user = `--user=${userInfo().username}`;
    const data = `--datadir=${this.folder}/data`;
    await run('mariadb-install-db', ['--no-defaults', user, data, '--auth-root-authentication-method=normal', '--skip-test-db']);
    // Old servers take days that never were: an empty sql_mode.
    const words = ['--no-defaults', user, data, `--socket=${this.socket}`, '--skip-networking', '--sql-mode='];
    const server = ['/usr/sbin/mariadbd', ...words, '--innodb-flush-log-at-trx-commit=0', '--default-time-zone=+08:00'];
    this.child = spawn('setpriv', ['--pdeathsig=TERM', ...server], { stdio: 'ignore' });
    for (let i = 0; ; i++) {
      try {
        await (await this.connect()).end();
        return this;
      } catch (error) {
        if (i === kTries || this.child.exitCode !== null) throw error;
        await delay(100);
      }
    }
  }

  private end(): void {
    this.child?.kill('SIGKILL');
    this.child?.once('exit', () => rmSync(this.folder, { recursive: true, force: true }));
  }
}
