// The frame of every simulator: routing, the guard before protected pages, faults, the record.
import { createHash } from 'node:crypto';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import { setTimeout as delay } from 'node:timers/promises';
import { Accounts } from './accounts.ts';
import { png } from './assets.ts';
import { Exchange } from './exchange.ts';
import { Faults } from './faults.ts';
import { Diary } from './diary.ts';
import type { EventInput } from './diary.ts';
import { Sessions } from './sessions.ts';
import type { Session } from './sessions.ts';
import type { Account, EventKind, SystemAccounts, SystemInfo } from './types.ts';

export type Handler = (x: Exchange) => void;
const kBodyLimit = '8mb';

export abstract class Sim {
  readonly app = express();
  readonly record = new Diary();
  readonly faults = new Faults();
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  origin = '';
  /** Spring Boot and nginx compress; the older ones do not. */
  protected gzip = false;
  protected ignoreCase = false;

  constructor(
    readonly info: SystemInfo,
    data: SystemAccounts,
  ) {
    this.accounts = new Accounts(data);
    this.sessions = new Sessions({
      idleMs: info.idle_s * 1000,
      absoluteMs: info.absolute_s * 1000,
      now: () => this.now(),
    });
    this.app.disable('x-powered-by').disable('etag');
    this.app.use(express.raw({ type: () => true, limit: kBodyLimit, inflate: false }));
    this.app.use((req, res, next) => void this.begin(req, res, next));
  }

  /** Registers the routes; called once, after the subclass is complete. */
  abstract build(): void;

  /** Who asks? Undefined: the answer (login page, 401 ...) has been sent. */
  protected abstract enter(x: Exchange): Account | undefined;

  /** The system's own clock, ms. The fault clock_skew moves it. */
  now(): number {
    return Date.now() + this.faults.skewMs;
  }

  /** Ends everything on the server side, as a restart of the application would. */
  expire(_what: string): number {
    const all = this.sessions.list();
    for (const s of all) this.expireOne(s);
    return all.length;
  }

  /** What GET /<id>/sessions shows. */
  liveSessions(): { account: Account; sinceMs: number }[] {
    return this.sessions.list();
  }

  /** False when there is nothing of that name to change. */
  changePassword(username: string | undefined): boolean {
    if (username === undefined || !this.accounts.scramble(username)) return false;
    for (const s of this.sessions.ofAccount(username)) this.expireOne(s);
    return true;
  }

  reset(): void {
    this.accounts.reset();
    this.sessions.clear();
    this.faults.clear();
    this.record.clear();
  }

  start(): express.Express {
    this.build();
    this.asset('/favicon.ico', 'image/png', png(16, 16, [60, 60, 60]));
    this.app.use((req: Request, res: Response) => {
      const x = this.exchange(res);
      if (req.method !== 'GET' && req.method !== 'HEAD' && req.method !== 'POST')
        x.html(this.plain('405 Method Not Allowed'), { status: 405 });
      else x.html(this.plain('404 Not Found'), { status: 404 });
    });
    this.app.use((err: Error & { status?: number }, _req: Request, res: Response, _next: NextFunction) => {
      const status = err.status ?? 500;
      this.record.add({ event: 'refused', status, note: `${err.name}: ${err.message}` });
      if (!res.headersSent) res.status(status).end(String(status));
    });
    return this.app;
  }

  protected expireOne(s: Session): void {
    this.sessions.end(s.id, 'expired');
    this.record.add({ event: 'expired', account: s.account, session: s.id, note: 'ended on the server' });
  }

  protected open(method: 'GET' | 'POST', path: string | RegExp, handler: Handler): void {
    const flags = this.ignoreCase ? 'i' : '';
    const escaped = typeof path === 'string' ? path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : path.source;
    const route = typeof path === 'string' ? new RegExp(`^${escaped}$`, flags) : new RegExp(escaped, flags);
    const run = (_req: Request, res: Response): void => {
      const x = this.exchange(res);
      x.params = (route.exec(x.path) ?? []).slice(1);
      handler(x);
    };
    // Express would decode captured groups as UTF-8 and answer 400 to GBK: it gets the route without groups.
    const bare = new RegExp(route.source.replace(/(?<!\\)\((?!\?)/g, '(?:'), flags);
    if (method === 'GET') this.app.get(bare, run);
    else this.app.post(bare, run);
  }

  /** A page behind the login. */
  protected page(method: 'GET' | 'POST', path: string | RegExp, handler: (x: Exchange, who: Account) => void): void {
    this.open(method, path, (x) => {
      const who = this.enter(x);
      if (!who) return;
      x.account = who;
      handler(x, who);
    });
  }

  /** A static file, with the validator that every web server sends. */
  protected asset(path: string, type: string, body: Buffer | string): void {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body, 'utf8');
    const etag = `"${createHash('md5').update(bytes).digest('hex').slice(0, 16)}"`;
    this.open('GET', path, (x) => {
      const headers = { ETag: etag, 'Cache-Control': 'max-age=3600' };
      if (x.header('if-none-match') === etag) return x.notModified(headers);
      x.bytes(bytes, { type, headers });
    });
  }

  /** A static file behind the login, as under HTTP authentication. */
  protected guarded(path: string, type: string, body: Buffer | string): void {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body, 'utf8');
    this.page('GET', path, (x) => x.bytes(bytes, { type }));
  }

  /** A script in the charset of the pages. */
  protected script(path: string, type: string, text: string): void {
    this.open('GET', path, (x) => x.text(text, type));
  }

  protected note(x: Exchange, event: EventKind, note: string, extra: Partial<EventInput> = {}): void {
    this.record.add({
      event,
      note,
      account: x.account,
      session: x.session,
      method: x.method,
      path: x.target,
      status: x.res.statusCode,
      headers: headersOfInterest(x),
      ...extra,
    });
  }

  /** The name the session cookie carries at the moment. */
  protected cookieName(name: string): string {
    return name + this.faults.cookieSuffix;
  }

  protected plain(text: string): string {
    return `<html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>`;
  }

  private exchange(res: Response): Exchange {
    return res.locals['x'] as Exchange;
  }

  private async begin(req: Request, res: Response, next: NextFunction): Promise<void> {
    const hit = this.faults.take(req.url);
    const x = new Exchange(req, res, this.info.charset, hit, this.gzip);
    res.locals['x'] = x;
    this.inspect(x);
    let done = false;
    res.once('close', () => {
      if (done) return;
      done = true;
      const status = res.headersSent ? res.statusCode : 0;
      this.note(x, 'request', x.notes.join('; '), { status });
    });
    const slow = hit.get('slow');
    if (slow) {
      x.notes.push(`fault slow ${slow.ms} ms`);
      await delay(slow.ms);
    }
    if (hit.has('reset')) {
      x.notes.push('fault reset');
      req.socket.resetAndDestroy();
    } else if (hit.has('status500')) {
      x.notes.push('fault status500');
      x.html(this.plain('500 Internal Server Error'), { status: 500 });
    } else {
      if (hit.has('wrong_charset')) x.notes.push('fault wrong_charset');
      next();
    }
  }

  /** Things no honest gateway sends to this system. Served all the same, but loud in the record. */
  private inspect(x: Exchange): void {
    const own = this.info.cookies.flatMap((c) => [c, this.cookieName(c)]);
    for (const name of x.cookieNames()) {
      if (!own.includes(name)) this.note(x, 'refused', `leak: foreign cookie ${name}`);
    }
    const usesAuthorization = ['http_basic', 'http_digest', 'json_bearer'].includes(this.info.kind);
    if (!usesAuthorization && x.headers('authorization').length > 0)
      this.note(x, 'refused', 'leak: Authorization header');
    if (this.info.kind !== 'trusted_header') {
      const identity = x.headerNames().filter((h) => /^x[-_]remote[-_]/i.test(h));
      if (identity.length > 0) this.note(x, 'refused', `leak: ${identity.join(' ')}`);
    }
  }
}

/** All names, and the values of X-Remote-* in any spelling. */
function headersOfInterest(x: Exchange): string[] {
  const raw = x.req.rawHeaders;
  const out: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    out.push(/^x[-_]remote[-_]/i.test(name) ? `${name}: ${raw[i + 1] ?? ''}` : name);
  }
  return out;
}
