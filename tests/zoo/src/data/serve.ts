// Brings data sides up in one process: those asked for, each when it is started.
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dataControl } from './control.ts';
import type { DataSource, Reach } from './source.ts';
import { kDataSources } from './systems/index.ts';

export interface RunningData {
  control: string;
  sources: Map<string, DataSource>;
  close: () => Promise<void>;
}

/** `ids` empty: all. */
export async function startData(host: string, ids: readonly string[]): Promise<RunningData> {
  const sources = new Map<string, DataSource>();
  for (const id of ids.length > 0 ? ids : Object.keys(kDataSources)) {
    const make = kDataSources[id];
    if (!make) throw new Error(`no data side of ${id}; there are ${Object.keys(kDataSources).join(' ')}`);
    const source = make();
    await source.start(host);
    sources.set(id, source);
  }
  const server = createServer(dataControl(sources));
  await new Promise<void>((done, fail) => void server.once('error', fail).listen(0, host, done));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((done) => server.close(() => done()));
    for (const source of sources.values()) await source.stop();
  };
  return { control: `http://${host}:${(server.address() as AddressInfo).port}`, sources, close };
}

/** {"control", "systems": {id: {"control_url", "items", "source", "env"}}}, for those who write a site's configuration. */
export function writeData(path: string, running: RunningData): void {
  const systems: Record<string, Reach & { control_url: string; items: string[] }> = {};
  for (const [id, source] of running.sources) {
    systems[id] = { control_url: `${running.control}/data/${id}`, items: [...source.views.keys()], ...source.reach() };
  }
  writeFileSync(`${path}.part`, JSON.stringify({ control: running.control, systems }, null, 1), { mode: 0o600 });
  renameSync(`${path}.part`, path);
}
