// Starts the demo with a hub of its own, runs the tests against it, stops what it started.
//   tsx run.ts [test/NAME.test.ts ...]     E2E_KEEP=1 keeps the data folder, E2E_SHOTS=DIR stores pictures
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kRoot = join(import.meta.dirname, '../..');
const kHere = import.meta.dirname;

/** Below the ports that the system gives to connections: nobody takes it between this look and the hub's start. */
async function freePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error('no free port between 20000 and 30000');
}

function script(args: string[]): boolean {
  return spawnSync(join(kRoot, 'scripts/start'), args, { cwd: kRoot, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function tests(data: string, files: string[]): Promise<number> {
  const args = ['--import', 'tsx', '--test', '--test-concurrency=1', '--test-reporter=spec', ...files];
  const child = spawn(process.execPath, args, { cwd: kHere, stdio: 'inherit', env: { ...process.env, E2E_DATA: data } });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

const all = readdirSync(join(kHere, 'test')).filter((name) => name.endsWith('.test.ts'));
const files = process.argv.length > 2 ? process.argv.slice(2) : all.sort().map((name) => join('test', name));
const data = mkdtempSync(join(tmpdir(), 'yimen-e2e-'));
let code = 1;
try {
  const began = Date.now();
  if (script(['--port', String(await freePort()), '--data', data, '--detach', '--no-build'])) {
    process.stdout.write(`hub and zoo ready after ${Date.now() - began} ms\n`);
    code = await tests(data, files);
  }
} finally {
  script(['--stop', '--data', data]);
  if (process.env['E2E_KEEP']) process.stdout.write(`kept ${data}\n`);
  else rmSync(data, { recursive: true, force: true });
}
process.exitCode = code;
