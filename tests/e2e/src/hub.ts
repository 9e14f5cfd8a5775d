// The hub's process, for tests of what must survive its end.
import { spawn } from 'node:child_process';
import { cpSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demo } from './demo.ts';
import { until } from './wait.ts';

const kRoot = join(import.meta.dirname, '../../..');
const kProgram = process.env['YIMEN_HUB'] ?? join(kRoot, 'build/release/hub/yimen');
const kPid = join(demo.data, 'hub.pid');

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const pid = Number(readFileSync(kPid, 'utf8'));
  process.kill(pid, signal);
  await until('the hub is gone', () => Promise.resolve(!alive(pid)), 30_000);
}
/** Without any chance to tidy up, like a cut of power to the process. */
export const killHub = (): Promise<void> => end('SIGKILL');
export const stopHub = (): Promise<void> => end('SIGTERM');

/** From its next start on the hub reads a copy of the adapters, which a test may change. */
export function ownAdapters(): string {
  const folder = join(demo.data, 'adapters');
  cpSync(join(kRoot, 'adapters'), folder, { recursive: true });
  const file = join(demo.data, 'yimen.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^adapters_dir: .*$/m, `adapters_dir: ${folder}`));
  return folder;
}

/** As scripts/start does it; scripts/start --stop ends this one too. */
export async function startHub(ready: () => Promise<boolean>): Promise<void> {
  const log = openSync(join(demo.data, 'hub.log'), 'a');
  const command = 'set -a; . "$0/sources.env"; exec "$1" serve --config "$0/yimen.yaml"';
  const child = spawn('bash', ['-c', command, demo.data, kProgram], { cwd: kRoot, detached: true, stdio: ['ignore', log, log] });
  child.unref();
  writeFileSync(kPid, String(child.pid));
  await until('the hub is ready again', ready, 60_000);
}
