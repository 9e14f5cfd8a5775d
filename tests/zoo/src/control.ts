// The control port: never reachable through a gateway, because it is another port.
import express from 'express';
import type { Request, Response } from 'express';
import { kWireFaults } from './core/faults.ts';
import type { WireFault } from './core/faults.ts';
import type { Sim } from './core/sim.ts';

export class ControlError extends Error {}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(body: Record<string, unknown>, name: string, fallback: number): number {
  const value = body[name];
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ControlError(`${name} must be a number`);
  return value;
}

export function plantFault(sim: Sim, body: Record<string, unknown>): void {
  const kind = text(body['kind']) ?? '';
  if (kind === 'none') return sim.faults.clear();
  if ((kWireFaults as readonly string[]).includes(kind)) {
    return sim.faults.plant({
      kind: kind as WireFault,
      ms: number(body, 'ms', 8000),
      left: number(body, 'times', Infinity),
      path: text(body['path']) ?? '',
    });
  }
  if (kind === 'clock_skew') {
    sim.faults.skewMs = number(body, 'seconds', 3600) * 1000;
  } else if (kind === 'cookie_renamed') {
    if (sim.info.cookies.length === 0) throw new ControlError(`${sim.info.id} sets no cookie`);
    sim.faults.cookieSuffix = text(body['suffix']) ?? '2';
  } else if (kind === 'password_changed') {
    if (!sim.changePassword(text(body['account'])))
      throw new ControlError(
        'account: no such account with a password here (systems with a shared secret: leave account out)',
      );
  } else {
    throw new ControlError(`kind: unknown fault ${kind}`);
  }
}

type Action = (sim: Sim, req: Request) => unknown;

const kActions: [method: 'get' | 'post' | 'put' | 'delete', path: string, action: Action][] = [
  ['get', '/:id/record', (sim, req) => sim.record.since(Number(req.query['since'] ?? 0) || 0)],
  ['delete', '/:id/record', (sim) => (sim.record.clear(), { ok: true })],
  [
    'get',
    '/:id/sessions',
    (sim) =>
      sim.liveSessions().map((s) => ({
        account: s.account.username,
        person: s.account.name,
        since: new Date(s.sinceMs).toISOString(),
      })),
  ],
  ['post', '/:id/expire', (sim, req) => ({ ended: sim.expire(text(bodyOf(req)['what']) ?? 'all') })],
  ['post', '/:id/fault', (sim, req) => (plantFault(sim, bodyOf(req)), { ok: true })],
  [
    'put',
    '/:id/accounts/:username',
    (sim, req) => {
      const password = text(bodyOf(req)['password']);
      if (password === undefined) throw new ControlError('password: missing');
      if (!sim.accounts.setPassword(String(req.params['username']), password))
        throw new ControlError('no such account');
      return { ok: true };
    },
  ],
  ['post', '/:id/reset', (sim) => (sim.reset(), { ok: true })],
];

function bodyOf(req: Request): Record<string, unknown> {
  const body: unknown = req.body;
  return body !== null && typeof body === 'object' ? (body as Record<string, unknown>) : {};
}

export function controlApp(sims: Map<string, Sim>): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ type: () => true }));
  app.get('/', (_req, res) => void res.json({ systems: [...sims.keys()] }));
  for (const [method, path, action] of kActions) {
    app[method](path, (req: Request, res: Response) => {
      const sim = sims.get(String(req.params['id']));
      if (!sim) return void res.status(404).json({ error: `no system ${String(req.params['id'])}` });
      try {
        res.json(action(sim, req));
      } catch (error) {
        if (!(error instanceof ControlError)) throw error;
        res.status(400).json({ error: error.message });
      }
    });
  }
  return app;
}
