// The simulator's own diary. Tests judge by it, never by what the gateway answered.
import { createHash } from 'node:crypto';
import type { Account, EventKind, ZooEvent } from './types.ts';

const kMaxEvents = 20_000;

export interface EventInput {
  event: EventKind;
  account?: Account | undefined;
  session?: string | undefined;
  method?: string | undefined;
  path?: string | undefined;
  status?: number | undefined;
  headers?: string[] | undefined;
  note?: string | undefined;
}

/** Session ids are shown as a short hash: the record must not become a way to steal one. */
export function sessionTag(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 10);
}

/** Tickets in URLs are masked; everything else stays as it came over the wire. */
function maskPath(path: string): string {
  return path.replace(/([?&](?:token|ticket)=)[^&]*/g, '$1***');
}

export class Diary {
  private events: ZooEvent[] = [];
  private next = 1;

  add(input: EventInput): void {
    this.events.push({
      n: this.next++,
      at: new Date().toISOString(),
      event: input.event,
      account: input.account?.username ?? null,
      person: input.account?.name ?? null,
      session: input.session === undefined ? null : sessionTag(input.session),
      method: input.method ?? '',
      path: maskPath(input.path ?? ''),
      status: input.status ?? 0,
      headers: input.headers ?? [],
      note: input.note ?? '',
    });
    if (this.events.length > kMaxEvents) this.events.splice(0, this.events.length - kMaxEvents);
  }

  since(n: number): { next: number; events: ZooEvent[] } {
    return { next: this.next - 1, events: this.events.filter((e) => e.n > n) };
  }

  clear(): void {
    this.events = [];
  }
}
