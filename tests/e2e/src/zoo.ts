// The simulators' side of the story. A test marks where a record stands and asks later what came since.
import assert from 'node:assert/strict';
import { demo } from './demo.ts';
import { until } from './wait.ts';

export interface ZooEvent {
  n: number;
  event: string;
  account: string | null;
  person: string | null;
  method: string;
  path: string;
  status: number;
  headers: string[];
  note: string;
}

async function call(url: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function recordOf(system: string, since: number): Promise<{ next: number; events: ZooEvent[] }> {
  return (await call(`${demo.control(system)}/record?since=${since}`)) as { next: number; events: ZooEvent[] };
}

export function post(system: string, what: string, body: object = {}): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json' };
  return call(`${demo.control(system)}/${what}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** What a data side is told to do: {insert, update, remove} of an item, or what only it can do. */
export function order(system: string, what: string, body: object = {}): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json' };
  return call(`${demo.dataControl(system)}/${what}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

export interface Truth {
  fields: string[];
  rows: (string | null)[][];
  hash: string;
}
export async function truth(system: string, item: string): Promise<Truth> {
  return (await call(`${demo.dataControl(system)}/truth/${item}`)) as Truth;
}

export async function liveSessions(system: string, person: string): Promise<number> {
  const all = (await call(`${demo.control(system)}/sessions`)) as { person: string }[];
  return all.filter((one) => one.person === person).length;
}

/**
 * Two Digest requests on two connections may overtake each other, in any browser too: the strict server refuses the late
 * counter, and it is sent once more with a new nonce. That the page misses nothing is asserted by `failures` of a visit.
 */
const kOvertaken = /^nc \d+ after \d+: replay$/;
/** What the source says of a token that it ended itself; the hub cannot know before it asks. */
export const kEndedThere = /^LtpaToken: ended on the server$/;

export class Mark {
  private constructor(private readonly from: Map<string, number>) {}

  static async take(systems: readonly string[]): Promise<Mark> {
    const from = new Map<string, number>();
    for (const system of systems) from.set(system, (await recordOf(system, 0)).next);
    return new Mark(from);
  }

  async since(system: string): Promise<ZooEvent[]> {
    return (await recordOf(system, this.from.get(system) ?? 0)).events;
  }

  async count(system: string, event: string): Promise<number> {
    return (await this.since(system)).filter((one) => one.event === event).length;
  }

  /** Nothing was refused, nothing leaked, all text came in the right bytes, and everybody who came was this person. */
  async honest(system: string, username: string, natural: RegExp = kOvertaken): Promise<ZooEvent[]> {
    const events = await this.since(system);
    const failed = events.filter((one) => ['refused', 'login_failed', 'kicked', 'locked'].includes(one.event));
    const bad = failed.filter((one) => !natural.test(one.note));
    assert.deepEqual(bad, [], `${system}: refused or failed in its record`);
    const noted = events.filter((one) => /leak:|charset:/.test(one.note));
    assert.deepEqual(noted, [], `${system}: leaks or wrong bytes in its record`);
    const known = events.filter((one) => one.account !== null);
    assert.ok(known.length > 0, `${system}: its record shows nobody`);
    const account = demo.at(system, username);
    for (const one of known) assert.deepEqual([one.person, one.account], [account.name, account.username], JSON.stringify(one));
    return events;
  }

  /** Waits until the record shows no live session of the person, within `ms`. */
  static async ended(system: string, person: string, ms: number): Promise<void> {
    await until(`${system}: session of ${person} ended`, async () => (await liveSessions(system, person)) === 0, ms);
  }
}
