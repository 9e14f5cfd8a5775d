// Starts a zoo on free ports with a fresh district, in this process.
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account, AccountsFile, ZooEvent } from '../src/core/types.ts';
import { writeDistrict } from '../src/district/write.ts';
import { startZoo } from '../src/serve.ts';
import { Browser } from './client.ts';

export interface TestZoo {
  accounts: AccountsFile;
  browser: (id: string) => Browser;
  origin: (id: string) => string;
  account: (id: string, person?: string) => Account;
  secret: (id: string, name: string) => string;
  control: (method: string, path: string, body?: unknown) => Promise<unknown>;
  events: (id: string, kind?: string) => Promise<ZooEvent[]>;
  clear: (id: string) => Promise<void>;
  close: () => Promise<void>;
}

export async function testZoo(): Promise<TestZoo> {
  const dir = mkdtempSync(join(tmpdir(), 'zoo-'));
  writeDistrict(dir, 7);
  const accounts = JSON.parse(readFileSync(join(dir, 'zoo-accounts.json'), 'utf8')) as AccountsFile;
  rmSync(dir, { recursive: true });
  const zoo = await startZoo({ accounts, host: '127.0.0.1', fixedPorts: false });
  const origin = (id: string): string => zoo.systems[id]?.origin ?? '';
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(
      zoo.control + path,
      body === undefined ? { method } : { method, body: JSON.stringify(body) },
    );
    const value: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(value)}`);
    return value;
  };
  return {
    accounts,
    origin,
    control,
    browser: (id) => new Browser(origin(id)),
    account: (id, person = '王敏') => {
      const found = accounts.systems[id]?.accounts.find((a) => a.name === person);
      if (!found) throw new Error(`${person} has no account in ${id}`);
      return found;
    },
    secret: (id, name) => accounts.systems[id]?.secrets[name] ?? '',
    events: async (id, kind) => {
      const { events } = (await control('GET', `/${id}/record`)) as { events: ZooEvent[] };
      return kind === undefined ? events : events.filter((e) => e.event === kind);
    },
    clear: async (id) => void (await control('DELETE', `/${id}/record`)),
    close: () => zoo.close(),
  };
}
