// Reference client: a small browser over node:http. Shares no code with the simulators.
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { load } from 'cheerio';
import type { CheerioAPI } from 'cheerio';
import { CookieJar } from 'tough-cookie';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  bytes: Buffer;
  /** Decoded by the charset of Content-Type. */
  text: string;
  location: string;
}

export interface Ask {
  method?: string;
  body?: Buffer | string;
  headers?: Record<string, string | string[]>;
}

export class Browser {
  readonly jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });

  constructor(readonly origin: string) {}

  async ask(target: string, options: Ask = {}): Promise<Answer> {
    const path = target.startsWith(this.origin) ? target.slice(this.origin.length) : target;
    const cookies = await this.jar.getCookieString(this.origin + encodeURI(path));
    const headers: Record<string, string | string[]> = { ...options.headers };
    if (cookies !== '' && headers['Cookie'] === undefined) headers['Cookie'] = cookies;
    const answer = await raw(this.origin, path, { ...options, headers });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      await this.jar.setCookie(line, this.origin + encodeURI(path), { ignoreError: true });
    }
    return answer;
  }

  get(target: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(target, { headers });
  }

  /** Posts a form; `encodeText` turns text into bytes (default UTF-8). */
  post(target: string, fields: [string, string | Buffer][], headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(target, {
      method: 'POST',
      body: formBody(fields),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    });
  }

  postJson(target: string, value: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(target, {
      method: 'POST',
      body: JSON.stringify(value),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  }

  async cookieNames(path: string): Promise<string[]> {
    return (await this.jar.getCookies(this.origin + path)).map((c) => c.key);
  }
}

export function formBody(fields: [string, string | Buffer][]): string {
  const escape = (value: string | Buffer): string =>
    [...(Buffer.isBuffer(value) ? value : Buffer.from(value, 'utf8'))]
      .map((b) => '%' + b.toString(16).padStart(2, '0'))
      .join('');
  return fields.map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&');
}

export function raw(origin: string, path: string, options: Ask = {}): Promise<Answer> {
  const url = new URL(origin);
  const body = options.body === undefined ? undefined : Buffer.from(options.body);
  const headers = { ...options.headers, ...(body ? { 'Content-Length': String(body.length) } : {}) };
  return new Promise((resolve, reject) => {
    const req = request(
      { host: url.hostname, port: url.port, path, method: options.method ?? 'GET', headers, agent: false },
      (res) => {
        const parts: Buffer[] = [];
        res.on('data', (d: Buffer) => parts.push(d));
        res.on('error', reject);
        res.on('end', () => {
          if (!res.complete) return reject(new Error('body cut'));
          const bytes = Buffer.concat(parts);
          const charset = /charset=([\w-]+)/.exec(res.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            rawHeaders: res.rawHeaders,
            bytes,
            text: new TextDecoder(charset).decode(bytes),
            location: res.headers.location ?? '',
          });
        });
        res.on('aborted', () => reject(new Error('body cut')));
      },
    );
    req.on('error', reject);
    if (body) req.write(body);
    req.end();
  });
}

export function dom(answer: Answer): CheerioAPI {
  return load(answer.text);
}

/** Successful controls of the first form: hidden fields and the selected options. */
export function hidden(answer: Answer): [string, string][] {
  const $ = dom(answer);
  return $('input[type=hidden]')
    .toArray()
    .map((e) => [$(e).attr('name') ?? '', $(e).attr('value') ?? '']);
}
