// The control port of the data sides: truth, change, acts, faults, record.
import express from 'express';
import type { Request, Response } from 'express';
import { kWireFaults } from '../core/faults.ts';
import type { WireFault } from '../core/faults.ts';
import { BadOrder } from './source.ts';
import type { DataSource } from './source.ts';

type Body = Record<string, unknown>;

function bodyOf(req: Request): Body {
  const body: unknown = req.body;
  return body !== null && typeof body === 'object' ? (body as Body) : {};
}

function number(body: Body, name: string, fallback: number): number {
  const value = body[name] ?? fallback;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new BadOrder(`${name} must be a number`);
  return value;
}

function plant(source: DataSource, body: Body): void {
  const kind = String(body['kind'] ?? '');
  if (kind === 'none') return source.faults.clear();
  if (kind === 'clock_skew') return void (source.faults.skewMs = number(body, 'seconds', 3600) * 1000);
  if (!(kWireFaults as readonly string[]).includes(kind)) throw new BadOrder(`unknown fault ${kind}`);
  source.faults.plant({
    kind: kind as WireFault,
    ms: number(body, 'ms', 8000),
    left: typeof body['times'] === 'number' ? body['times'] : Infinity,
    path: String(body['path'] ?? ''),
  });
}

/** {insert, update, remove, at}: of one table, or of the table of one item, or of all. */
async function change(source: DataSource, body: Body): Promise<unknown> {
  const name = body['table'] ?? body['item'];
  const one = source.tables.get(String(name)) ?? source.views.get(String(name))?.ledger;
  if (name !== undefined && !one) throw new BadOrder(`${source.id} has no table or item ${String(name)}`);
  for (const table of one ? [one] : source.tables.values()) {
    table.change({
      insert: number(body, 'insert', 0),
      update: number(body, 'update', 0),
      remove: number(body, 'remove', 0),
      atMs: number(body, 'at', source.now()),
    });
  }
  await source.changed();
  return { ok: true };
}

function truth(source: DataSource, item: string): unknown {
  const view = source.views.get(item);
  if (!view) throw new BadOrder(`${source.id} does not supply ${item}`);
  return view.truth();
}

type Action = (source: DataSource, req: Request) => unknown;

const kActions: [method: 'get' | 'post' | 'delete', path: string, action: Action][] = [
  ['get', '/data/:id', (s) => ({ items: [...s.views.keys()], tables: [...s.tables.keys()], ...s.reach() })],
  ['get', '/data/:id/truth/:item', (s, req) => truth(s, String(req.params['item']))],
  ['post', '/data/:id/change', (s, req) => change(s, bodyOf(req))],
  ['post', '/data/:id/act/:what', (s, req) => s.act(String(req.params['what']), bodyOf(req))],
  ['post', '/data/:id/fault', (s, req) => (plant(s, bodyOf(req)), { ok: true })],
  ['get', '/data/:id/record', (s, req) => s.record.since(Number(req.query['since'] ?? 0) || 0)],
  [
    'post',
    '/data/:id/reset',
    async (s, req) => {
      s.reset(number(bodyOf(req), 'seed', 1));
      await s.changed();
      return { ok: true };
    },
  ],
];

export function dataControl(sources: Map<string, DataSource>): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ type: () => true }));
  for (const [method, path, action] of kActions) {
    app[method](path, async (req: Request, res: Response) => {
      const source = sources.get(String(req.params['id']));
      if (!source) return void res.status(404).json({ error: `no data side of ${String(req.params['id'])} here` });
      try {
        res.json((await action(source, req)) ?? { ok: true });
      } catch (error) {
        const status = error instanceof BadOrder ? 400 : 500;
        res.status(status).json({ error: error instanceof Error ? error.message : String(error) });
      }
    });
  }
  return app;
}
