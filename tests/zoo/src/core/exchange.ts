// One request and its answer, seen as bytes. Everything a simulator sends goes through here, so that faults and the
// record see every answer.
import type { Request, Response } from 'express';
import { gzipSync } from 'node:zlib';
import { Form, encode } from './charset.ts';
import type { Planted, WireFault } from './faults.ts';
import type { Account } from './types.ts';

export interface SendOptions {
  status?: number;
  charset?: string;
  type?: string;
  headers?: Record<string, string>;
}

export class Exchange {
  readonly method: string;
  /** The request target exactly as received. */
  readonly target: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly body: Buffer;
  account: Account | undefined;
  session: string | undefined;
  readonly notes: string[] = [];
  private readonly cookieMap = new Map<string, string>();
  private readonly setCookies: string[] = [];
  params: string[] = [];

  constructor(
    readonly req: Request,
    readonly res: Response,
    readonly charset: string,
    private readonly faults: Map<WireFault, Planted>,
    private readonly mayGzip: boolean,
  ) {
    this.method = req.method;
    this.target = req.url;
    const q = req.url.indexOf('?');
    this.path = q < 0 ? req.url : req.url.slice(0, q);
    this.rawQuery = q < 0 ? '' : req.url.slice(q + 1);
    this.body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    for (const part of this.headers('cookie').flatMap((h) => h.split(';'))) {
      const eq = part.indexOf('=');
      if (eq < 0) continue;
      const name = part.slice(0, eq).trim();
      if (this.cookieMap.has(name)) this.notes.push(`cookie ${name} sent twice`);
      else this.cookieMap.set(name, part.slice(eq + 1).trim());
    }
  }

  /** Every value of a header, in order, unjoined. */
  headers(name: string): string[] {
    const raw = this.req.rawHeaders;
    const out: string[] = [];
    for (let i = 0; i + 1 < raw.length; i += 2) {
      if ((raw[i] ?? '').toLowerCase() === name) out.push(raw[i + 1] ?? '');
    }
    return out;
  }

  header(name: string): string {
    return this.headers(name)[0] ?? '';
  }

  headerNames(): string[] {
    return this.req.rawHeaders.filter((_, i) => i % 2 === 0);
  }

  cookie(name: string): string | undefined {
    return this.cookieMap.get(name);
  }

  cookieNames(): string[] {
    return [...this.cookieMap.keys()];
  }

  setCookie(name: string, value: string, attributes: string): void {
    this.setCookies.push(`${name}=${value}${attributes === '' ? '' : '; ' + attributes}`);
  }

  query(charset: string = this.charset): Form {
    return new Form(this.rawQuery, charset);
  }

  form(charset: string = this.charset): Form {
    return new Form(this.body.toString('latin1'), charset);
  }

  json(): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(this.body.toString('utf8'));
      return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
    } catch {
      return {};
    }
  }

  html(text: string, options: SendOptions = {}): void {
    this.text(text, 'text/html', options);
  }

  sendJson(value: unknown, options: SendOptions = {}): void {
    this.text(JSON.stringify(value), options.type ?? 'application/json', options);
  }

  redirect(location: string, status = 302): void {
    this.bytes(Buffer.alloc(0), { status, headers: { Location: location } });
  }

  notModified(headers: Record<string, string>): void {
    for (const [name, value] of Object.entries(headers)) this.res.setHeader(name, value);
    this.res.writeHead(304).end();
  }

  /** `fileHeader` is the whole Content-Disposition value; latin1 characters stand for raw bytes. */
  download(bytes: Buffer, type: string, fileHeader: string): void {
    this.bytes(bytes, { type, headers: { 'Content-Disposition': fileHeader } });
  }

  text(text: string, type: string, options: SendOptions = {}): void {
    const charset = options.charset ?? this.charset;
    const wrong = this.faults.has('wrong_charset');
    const label = wrong ? (/^utf/i.test(charset) ? 'ISO-8859-1' : 'UTF-8') : charset;
    this.bytes(encode(text, charset), { ...options, type: `${type};charset=${label}` });
  }

  bytes(body: Buffer, options: SendOptions = {}): void {
    const res = this.res;
    res.statusCode = options.status ?? 200;
    if (options.type !== undefined) res.setHeader('Content-Type', options.type);
    for (const [name, value] of Object.entries(options.headers ?? {})) res.setHeader(name, value);
    if (this.setCookies.length > 0) res.setHeader('Set-Cookie', this.setCookies);
    if (this.faults.has('cut_body') && body.length > 0) {
      this.cut(body);
      return;
    }
    if (this.mayGzip && body.length > 1024 && /\bgzip\b/.test(this.header('accept-encoding'))) {
      res.setHeader('Content-Encoding', 'gzip');
      res.setHeader('Vary', 'Accept-Encoding');
      body = gzipSync(body);
    }
    res.setHeader('Content-Length', body.length);
    // The head first: Node re-decodes Content-Disposition as UTF-8 when end() writes it, which spoils raw GBK bytes.
    res.writeHead(res.statusCode);
    res.end(body);
  }

  /** Promises the whole body, sends half, drops the connection. */
  private cut(body: Buffer): void {
    this.notes.push('fault cut_body');
    this.res.setHeader('Content-Length', body.length);
    this.res.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
      this.res.socket?.end(() => this.res.socket?.destroy());
    });
  }
}
