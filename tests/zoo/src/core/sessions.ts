// Server-side sessions with idle limit, kick-out and a memory of why one ended.
import { randomBytes } from 'node:crypto';
import type { Account } from './types.ts';

export type EndReason = 'kicked' | 'expired' | 'logout';

export interface Session {
  id: string;
  account: Account;
  sinceMs: number;
  seenMs: number;
  data: Record<string, unknown>;
}

export interface SessionLimits {
  idleMs: number;
  absoluteMs: number;
  now: () => number;
}

export class Sessions {
  private live = new Map<string, Session>();
  private ended = new Map<string, { reason: EndReason; account: Account }>();

  constructor(private readonly limits: SessionLimits) {}

  create(account: Account, id: string = randomBytes(20).toString('hex')): Session {
    const now = this.limits.now();
    const session: Session = { id, account, sinceMs: now, seenMs: now, data: {} };
    this.ended.delete(id);
    this.live.set(id, session);
    return session;
  }

  /** The live session, its idle clock restarted. */
  touch(id: string | undefined): Session | undefined {
    const session = id === undefined ? undefined : this.live.get(id);
    if (!session) return undefined;
    const now = this.limits.now();
    if (this.isOver(session, now)) {
      this.end(session.id, 'expired');
      return undefined;
    }
    session.seenMs = now;
    return session;
  }

  end(id: string, reason: EndReason): Session | undefined {
    const session = this.live.get(id);
    if (!session) return undefined;
    this.live.delete(id);
    this.ended.set(id, { reason, account: session.account });
    return session;
  }

  /** Why a session is gone. Told once for a kick, as the real systems do. */
  whyEnded(id: string | undefined): { reason: EndReason; account: Account } | undefined {
    if (id === undefined) return undefined;
    const found = this.ended.get(id);
    if (found) this.ended.delete(id);
    return found;
  }

  ofAccount(username: string): Session[] {
    return this.list().filter((s) => s.account.username === username);
  }

  list(): Session[] {
    const now = this.limits.now();
    for (const s of [...this.live.values()]) if (this.isOver(s, now)) this.end(s.id, 'expired');
    return [...this.live.values()];
  }

  clear(): void {
    this.live.clear();
    this.ended.clear();
  }

  private isOver(s: Session, now: number): boolean {
    if (this.limits.idleMs > 0 && now - s.seenMs > this.limits.idleMs) return true;
    return this.limits.absoluteMs > 0 && now - s.sinceMs > this.limits.absoluteMs;
  }
}
