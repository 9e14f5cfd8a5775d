// Accounts of one system, as its own user administration would hold them.
import { randomBytes } from 'node:crypto';
import type { Account, SystemAccounts } from './types.ts';

export class Accounts {
  private byName = new Map<string, Account>();
  secrets: Record<string, string> = {};
  /** Consecutive failures per user name, with the time (ms) of each. */
  readonly failures = new Map<string, number[]>();
  readonly locked = new Set<string>();

  constructor(private readonly source: SystemAccounts) {
    this.reset();
  }

  /** Back to the accounts file: passwords, secrets, locks. */
  reset(): void {
    this.byName = new Map(this.source.accounts.map((a) => [a.username, { ...a }]));
    this.secrets = { ...this.source.secrets };
    this.failures.clear();
    this.locked.clear();
  }

  find(username: string): Account | undefined {
    return this.byName.get(username);
  }

  findBy(test: (a: Account) => boolean): Account | undefined {
    return [...this.byName.values()].find(test);
  }

  secret(name: string): string {
    const value = this.secrets[name];
    if (value === undefined) throw new Error(`accounts file: system secret ${name} is missing`);
    return value;
  }

  /** An administrator sets a password: also unlocks. False when there is no such account. */
  setPassword(username: string, password: string): boolean {
    const account = this.byName.get(username);
    if (!account) return false;
    account.password = password;
    this.unlock(username);
    return true;
  }

  /** Counts a failure; returns how many there were within the window (ms). */
  fail(username: string, now: number, windowMs = Infinity): number {
    const recent = (this.failures.get(username) ?? []).filter((t) => now - t <= windowMs);
    recent.push(now);
    this.failures.set(username, recent);
    return recent.length;
  }

  unlock(username: string): void {
    this.failures.delete(username);
    this.locked.delete(username);
  }

  /** The password changed at the source and nobody told the hub. */
  scramble(username: string): boolean {
    const account = this.byName.get(username);
    if (!account) return false;
    account.password = randomBytes(18).toString('base64url');
    return true;
  }

  /** A system-wide secret changed at the source. */
  rotate(name: string, form: 'hex' | 'base64' | 'base64url'): boolean {
    this.secrets[name] = randomBytes(form === 'base64' ? 20 : 32).toString(form);
    return true;
  }

  all(): Account[] {
    return [...this.byName.values()];
  }
}
