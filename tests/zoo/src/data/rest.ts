// What REST interfaces have in common: windows of time, pages, keys in headers.
import type { Exchange } from '../core/exchange.ts';
import type { Row } from './ledger.ts';
import { HttpData } from './http.ts';

const kLocal = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?(\+08:00)?$/;

/** `2026-06-01 08:00:00` of a clock in the district, as ms; NaN when it is no such text. */
export function localMs(text: string): number {
  const found = kLocal.exec(text)?.slice(1, 7).map(Number);
  if (!found) return NaN;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found;
  return Date.UTC(year, month - 1, day, hour - 8, minute, second);
}

/** Newest change last; ties by number. */
export function byChange(a: Row, b: Row): number {
  return a.changedMs - b.changedMs || a.n - b.n;
}

export function slice<T>(list: readonly T[], page: number, size: number): T[] {
  return list.slice(page * size, (page + 1) * size);
}

/** A refusal of the system in its own words. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export abstract class RestData extends HttpData {
  /** Answers a refusal as this system does. */
  protected abstract refuse(x: Exchange, refusal: Refusal): void;

  /** A path whose handler may throw a Refusal: it is answered, and loud in the record. */
  protected api(method: 'get' | 'post', path: string, handler: (x: Exchange) => void): void {
    this.on(method, path, (x) => {
      try {
        handler(x);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.refused(`${error.code} ${error.message}`, x.target);
        this.refuse(x, error);
      }
    });
  }

  protected whole(x: Exchange, name: string, low: number, high: number): number {
    const text = x.query().get(name);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high)
      throw new Refusal('BAD_PARAMETER', `${name} must be a whole number from ${low} to ${high}`);
    return value;
  }

  /** A moment of the query; undefined when it is not asked for. */
  protected moment(x: Exchange, name: string, parse: (text: string) => number = localMs): number | undefined {
    const query = x.query();
    if (!query.has(name)) return undefined;
    const ms = parse(query.get(name));
    if (Number.isNaN(ms)) throw new Refusal('BAD_PARAMETER', `${name} is not a time as this system writes it`);
    return ms;
  }

  protected needHeader(x: Exchange, name: string, value: string): void {
    const sent = x.headers(name);
    if (sent.length !== 1 || sent[0] !== value) throw new Refusal('AUTH_FAILED', `${name} is missing or wrong`);
  }
}
