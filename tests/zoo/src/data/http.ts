// Data sides over HTTP: Express, the faults on the wire, and a diary of every request.
import express from 'express';
import type { Request, Response } from 'express';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Exchange } from '../core/exchange.ts';
import { localText } from './columns.ts';
import type { Cell, Column } from './columns.ts';
import type { Row } from './ledger.ts';
import { DataSource } from './source.ts';
import type { Reach } from './source.ts';

const kBodyLimit = '8mb';

/** How a system writes its values. */
export interface Wire {
  moment: (ms: number) => Cell;
  day: (day: string) => Cell;
  yes: (value: boolean) => Cell;
  /** Decimals are texts in the ledger: numbers on most wires. */
  decimal: (text: string) => Cell;
}

export const kPlainWire: Wire = {
  moment: localText,
  day: (day) => day,
  yes: (value) => (value ? 1 : 0),
  decimal: Number,
};

export function written(c: Column, value: Cell, wire: Wire): Cell {
  if (value === null) return null;
  if (c.kind === 'datetime') return wire.moment(Number(value));
  if (c.kind === 'date') return wire.day(String(value));
  if (c.kind === 'boolean') return wire.yes(value === true);
  if (c.kind === 'decimal') return wire.decimal(String(value));
  return value;
}

/** A record as the system gives it. */
export function wireRow(columns: readonly Column[], row: Row, wire: Wire): Record<string, Cell> {
  return Object.fromEntries(columns.map((c) => [c.wire, written(c, row.cells[c.name] ?? null, wire)]));
}

export abstract class HttpData extends DataSource {
  readonly app = express();
  protected origin = '';
  protected charset = 'UTF-8';
  private server: Server | undefined;

  constructor(id: string) {
    super(id);
    this.app.disable('x-powered-by').disable('etag');
    this.app.use(express.raw({ type: () => true, limit: kBodyLimit }));
    this.app.use((req, res, next) => void this.begin(req, res, next));
  }

  /** Registers the paths; called once, after the subclass is complete. */
  protected abstract build(): void;
  /** What a site adds to kind and base. */
  protected abstract access(): Reach;

  async start(host: string): Promise<void> {
    this.build();
    this.app.use((req: Request, res: Response) => {
      this.refused(`there is nothing here: ${req.method}`, req.url);
      res.status(404).end('404');
    });
    this.server = createServer({ keepAliveTimeout: 60_000 }, this.app);
    await new Promise<void>((done, fail) => {
      this.server?.once('error', fail).listen(0, host, done);
    });
    this.origin = `http://${host}:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((done) => (this.server ? this.server.close(() => done()) : done()));
  }

  reach(): Reach {
    const { source, env } = this.access();
    return { source: { kind: 'http', base: this.origin, ...source }, env };
  }

  protected on(method: 'get' | 'post', path: string, handler: (x: Exchange) => void): void {
    this.app[method](path, (_req: Request, res: Response) => handler(res.locals['x'] as Exchange));
  }

  /** Name of an environment variable for one of this system's secrets. */
  protected envName(what: string): string {
    return `ZOO_${this.id.toUpperCase().replace(/-/g, '_')}_${what.toUpperCase()}`;
  }

  private async begin(req: Request, res: Response, next: () => void): Promise<void> {
    const hit = this.faults.take(req.url);
    const x = new Exchange(req, res, this.charset, hit, false);
    res.locals['x'] = x;
    res.once('close', () =>
      this.record.add({
        event: 'request',
        method: req.method,
        path: req.url,
        status: res.headersSent ? res.statusCode : 0,
        note: x.notes.join('; '),
      }),
    );
    const slow = hit.get('slow');
    if (slow) await delay(slow.ms);
    if (hit.has('reset')) req.socket.resetAndDestroy();
    else if (hit.has('status500')) x.html('<h1>500</h1>', { status: 500 });
    else next();
  }
}
