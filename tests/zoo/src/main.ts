// Command line: `zoo.mjs [serve] --accounts FILE ...` and `zoo.mjs district --out DIR`.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { AccountsFile } from './core/types.ts';
import { startData, writeData } from './data/serve.ts';
import { writeDistrict } from './district/write.ts';
import { startZoo, writeOut } from './serve.ts';

const kUsage = `usage:
  node zoo.mjs --accounts FILE [--host 127.0.0.1] [--ports fixed|auto] [--out FILE]
  node zoo.mjs district --out DIR [--seed N]
  node zoo.mjs data --out FILE [--host 127.0.0.1] [--systems ID,ID...]`;

function fail(message: string): never {
  process.stderr.write(`zoo: ${message}\n${kUsage}\n`);
  process.exit(2);
}

async function serve(values: Record<string, string | undefined>): Promise<void> {
  const file = values['accounts'] ?? fail('--accounts is missing');
  const ports = values['ports'] ?? 'fixed';
  if (ports !== 'fixed' && ports !== 'auto') fail(`--ports ${ports}: must be fixed or auto`);
  const accounts = JSON.parse(readFileSync(file, 'utf8')) as AccountsFile;
  const zoo = await startZoo({ accounts, host: values['host'] ?? '127.0.0.1', fixedPorts: ports === 'fixed' });
  if (values['out'] !== undefined) writeOut(values['out'], zoo);
  ready(() => zoo.close());
}

/** Says so, and ends in good order on SIGTERM. */
function ready(close: () => Promise<void>): void {
  process.stdout.write('ready\n');
  const stop = (): void => void close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

async function data(values: Record<string, string | undefined>): Promise<void> {
  const out = values['out'] ?? fail('--out is missing');
  const running = await startData(values['host'] ?? '127.0.0.1', (values['systems'] ?? '').split(',').filter(Boolean));
  writeData(out, running);
  ready(() => running.close());
}

function district(values: Record<string, string | undefined>): void {
  const out = values['out'] ?? fail('--out is missing');
  const seed = Number(values['seed'] ?? '1');
  if (!Number.isInteger(seed)) fail('--seed must be a whole number');
  writeDistrict(out, seed);
}

export async function main(args: string[]): Promise<void> {
  const option = { type: 'string' } as const;
  const parsed = parseArgs({
    args,
    allowPositionals: true,
    options: { accounts: option, host: option, ports: option, out: option, seed: option, systems: option },
  });
  const command = parsed.positionals[0] ?? 'serve';
  if (command === 'district') district(parsed.values);
  else if (command === 'data') await data(parsed.values);
  else if (command === 'serve') await serve(parsed.values);
  else fail(`unknown command ${command}`);
}
