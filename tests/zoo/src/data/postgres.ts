// A real PostgreSQL server, started by whoever needs it first and ended with the process; a database for each system.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const kBin = '/usr/lib/postgresql/15/bin';
const kTries = 600;
const run = promisify(execFile);

/** The server refuses to be root; it goes when this process goes, however that ends. */
function asServer(program: string, words: string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [program, words];
  const user = ['--reuid=postgres', '--regid=postgres', '--init-groups', '--pdeathsig=INT'];
  return ['setpriv', [...user, program, ...words]];
}

export class PostgresServer {
  private static one: Promise<PostgresServer> | undefined;
  private static users = 0;
  readonly folder = mkdtempSync(`${tmpdir()}/zoo-pg-`);
  private readonly password = randomBytes(18).toString('hex');
  private child: ChildProcess | undefined;

  static async use(): Promise<PostgresServer> {
    this.users++;
    this.one ??= new PostgresServer().begin();
    return this.one;
  }

  static async release(): Promise<void> {
    if (--this.users > 0) return;
    const server = await this.one;
    this.one = undefined;
    server?.end();
  }

  async connect(database: string): Promise<pg.Client> {
    const client = new pg.Client({ host: this.folder, user: 'postgres', password: this.password, database });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  private async begin(): Promise<PostgresServer> {
    chmodSync(this.folder, 0o777);
    const secret = `${this.folder}/pw`;
    writeFileSync(secret, this.password, { mode: 0o644 });
    const words = ['-D', `${this.folder}/data`, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', secret];
    await run(...asServer(`${kBin}/initdb`, [...words, '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions']));
    rmSync(secret);
    const settings = [`unix_socket_directories=${this.folder}`, 'listen_addresses=', 'fsync=off', 'unix_socket_permissions=0777'];
    const options = settings.flatMap((text) => ['-c', text]);
    this.child = spawn(...asServer(`${kBin}/postgres`, ['-D', `${this.folder}/data`, ...options]), { stdio: 'ignore' });
    for (let i = 0; ; i++) {
      try {
        const client = await this.connect('postgres');
        await client.end();
        return this;
      } catch (error) {
        if (i === kTries || this.child.exitCode !== null) throw error;
        await delay(100);
      }
    }
  }

  private end(): void {
    this.child?.kill('SIGQUIT');
    this.child?.once('exit', () => rmSync(this.folder, { recursive: true, force: true }));
  }
}
