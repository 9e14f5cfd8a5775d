// Brings the whole zoo up in one process.
import { readFileSync, writeFileSync, renameSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { controlApp } from './control.ts';
import type { Sim } from './core/sim.ts';
import type { AccountsFile, SystemInfo } from './core/types.ts';
import { kSimulators } from './systems/index.ts';

export interface ServeOptions {
  accounts: AccountsFile;
  host: string;
  fixedPorts: boolean;
}

export interface RunningZoo {
  control: string;
  systems: Record<string, { origin: string; control_url: string }>;
  sims: Map<string, Sim>;
  close: () => Promise<void>;
}

export function loadSystems(): SystemInfo[] {
  return JSON.parse(readFileSync(new URL('../systems.json', import.meta.url), 'utf8')) as SystemInfo[];
}

function listen(app: RequestListener, host: string, port: number): Promise<{ server: Server; url: string }> {
  return new Promise((resolve, reject) => {
    const server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 65_536 }, app);
    server.once('error', reject);
    server.listen(port, host, () =>
      resolve({ server, url: `http://${host}:${(server.address() as AddressInfo).port}` }),
    );
  });
}

export async function startZoo(options: ServeOptions): Promise<RunningZoo> {
  const sims = new Map<string, Sim>();
  const servers: Server[] = [];
  const systems: RunningZoo['systems'] = {};
  const control = await listen(controlApp(sims), options.host, 0);
  servers.push(control.server);
  for (const info of loadSystems()) {
    const make = kSimulators[info.id];
    const data = options.accounts.systems[info.id];
    if (!make) continue;
    if (!data) throw new Error(`accounts file: systems.${info.id} is missing; run "zoo.mjs district" again`);
    const sim = make(info, data);
    const { server, url } = await listen(sim.start(), options.host, options.fixedPorts ? info.port : 0);
    sim.origin = url;
    servers.push(server);
    sims.set(info.id, sim);
    systems[info.id] = { origin: url, control_url: `${control.url}/${info.id}` };
  }
  const close = async (): Promise<void> => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    }
  };
  return { control: control.url, systems, sims, close };
}

/** Written beside and renamed: a reader never sees half a file. */
export function writeOut(path: string, zoo: RunningZoo): void {
  const body = JSON.stringify({ control: zoo.control, systems: zoo.systems }, null, 1);
  writeFileSync(`${path}.part`, body);
  renameSync(`${path}.part`, path);
}
