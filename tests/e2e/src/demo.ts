// What scripts/start wrote: where the hub is, who may sign in, where the simulators keep their records.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Account {
  username: string;
  password: string;
  name: string;
  systems: string[];
  unlinked?: string[];
  wrong_password?: string[];
}

export interface DemoSystem {
  id: string;
  name: string;
  login_kind: string;
  url: string;
}

interface DemoFile {
  base_url: string;
  ca_file: string;
  accounts: Account[];
  /** whose authenticator scripts have the key of */
  second_factor: { username: string; secret: string; uri: string; recovery_codes: string[] };
  systems: DemoSystem[];
  zoo: Record<string, { control_url: string }>;
  /** what supplies records */
  data_sides: Record<string, { control_url: string; items: string[] }>;
}

export interface LegacyAccount {
  username: string;
  password: string;
  name: string;
  org: string;
  dept?: string;
}

export interface LegacySystem {
  secrets: Record<string, string>;
  accounts: LegacyAccount[];
}

export class Demo {
  readonly file: DemoFile;
  readonly legacy: Record<string, LegacySystem>;

  constructor(readonly data: string) {
    this.file = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')) as DemoFile;
    const accounts = readFileSync(join(data, 'district/zoo-accounts.json'), 'utf8');
    this.legacy = (JSON.parse(accounts) as { systems: Record<string, LegacySystem> }).systems;
  }

  get origin(): string {
    return this.file.base_url;
  }

  get systems(): DemoSystem[] {
    return this.file.systems;
  }

  who(username: string): Account {
    const found = this.file.accounts.find((one) => one.username === username);
    if (!found) throw new Error(`nobody in demo.json is called ${username}`);
    return found;
  }

  system(id: string): DemoSystem {
    const found = this.file.systems.find((one) => one.id === id);
    if (!found) throw new Error(`no system ${id} in demo.json`);
    return found;
  }

  /** The account of a person at the source, as the simulator knows it. */
  at(system: string, username: string): LegacyAccount {
    const found = this.legacy[system]?.accounts.find((one) => one.name === this.who(username).name);
    if (!found) throw new Error(`${username} has no account in ${system}`);
    return found;
  }

  dataControl(system: string): string {
    const found = this.file.data_sides[system];
    if (!found) throw new Error(`no data side of ${system}`);
    return found.control_url;
  }

  control(system: string): string {
    const found = this.file.zoo[system];
    if (!found) throw new Error(`no control port for ${system}`);
    return found.control_url;
  }
}

const kData = process.env['E2E_DATA'] ?? '';
if (!existsSync(join(kData, 'demo.json'))) throw new Error('E2E_DATA must name the data folder of a running demo: use npm test');
export const demo = new Demo(kData);
