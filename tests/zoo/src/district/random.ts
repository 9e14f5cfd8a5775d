// Two kinds of chance: a seeded one for what the district looks like, the system's own for passwords.
import { randomInt } from 'node:crypto';

/** Small repeatable generator (mulberry32). Never used for secrets. */
export class Seeded {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }
}

const kUpper = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const kLower = 'abcdefghijkmnopqrstuvwxyz';
const kDigits = '23456789';
/** Characters that break careless form and URL encoding. */
const kSigns = '+&%=#@!*';

/** 16 characters of all four classes; at least one sign that must be percent-encoded in a form. */
export function password(): string {
  const take = (set: string): string => set.charAt(randomInt(set.length));
  const chars = [take(kUpper), take(kLower), take(kDigits), take('+&%='), take(kSigns)];
  while (chars.length < 15) chars.push(take(kUpper + kLower + kDigits));
  for (let i = chars.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [chars[i], chars[j]] = [chars[j] ?? '', chars[i] ?? ''];
  }
  // A letter first: no spreadsheet takes the value for a formula.
  return take(kLower) + chars.join('');
}
