// Tokens that a system gives and takes back.
import { randomBytes } from 'node:crypto';

export class Tokens {
  private readonly until = new Map<string, number>();

  constructor(
    private readonly lifeMs: number,
    private readonly now: () => number,
  ) {}

  give(): string {
    const token = randomBytes(24).toString('hex');
    this.until.set(token, this.now() + this.lifeMs);
    return token;
  }

  good(token: string): boolean {
    const until = this.until.get(token);
    return until !== undefined && this.now() <= until;
  }

  /** Every token given so far is worth nothing from now on. */
  drop(): void {
    this.until.clear();
  }
}
