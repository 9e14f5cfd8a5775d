// What an item's last run, its job and the clock say about it, in one word.
import type { Item, Job, Run } from './queries';

export const kStandings = ['failed', 'held', 'late', 'partial', 'running', 'paused', 'never', 'cancelled', 'ok', 'unsupplied'] as const;
export type Standing = (typeof kStandings)[number];
export type Tone = 'ok' | 'warn' | 'bad' | 'brand' | 'none';

/** The worst that is true now; `held`: a removal above the guard waits for a person. */
export function standing(item: Pick<Item, 'supplied' | 'late' | 'last_run'>, job?: Pick<Job, 'paused' | 'progress'>): Standing {
  if (!item.supplied) return 'unsupplied';
  const run = item.last_run;
  if (job?.progress || run?.state === 'running') return 'running';
  if (run?.removal?.refused) return 'held';
  if (run?.state === 'failed' || run?.state === 'retrying') return 'failed';
  if (job?.paused) return 'paused';
  if (!run) return 'never';
  if (item.late) return 'late';
  if (run.state === 'partial') return 'partial';
  return run.state === 'cancelled' ? 'cancelled' : 'ok';
}

const kTones: Record<Standing, Tone> = {
  failed: 'bad', held: 'bad', late: 'warn', partial: 'warn', running: 'brand', paused: 'none', never: 'none',
  cancelled: 'none', ok: 'ok', unsupplied: 'none',
};
export const toneOf = (of: Standing): Tone => kTones[of];

const kRunTones: Record<Run['state'], Tone> = {
  running: 'brand', done: 'ok', partial: 'warn', failed: 'bad', retrying: 'warn', cancelled: 'none',
};
export const runTone = (state: Run['state']): Tone => kRunTones[state];

export const needsPerson = (of: Standing): boolean => of === 'failed' || of === 'held' || of === 'late' || of === 'partial';

/** Rows that passed, of the rows that the run read. */
export const passed = (run: Run): number => run.counters.read - run.counters.rejected;

export function balanced({ counters: c }: Run): boolean {
  return c.read === c.inserted + c.updated + c.unchanged + c.rejected + c.deduped + c.deleted;
}

/** ms from begin to end, or to `now` while it runs. */
export function took(run: Run, now: number): number {
  if (!run.started_at) return 0;
  const end = run.ended_at ? Date.parse(run.ended_at) : now;
  return Math.max(0, end - Date.parse(run.started_at));
}

/** What can become of a record that was read; their sum is what was read. */
export const kOutcomes = ['inserted', 'updated', 'unchanged', 'rejected', 'deduped', 'deleted'] as const;

/** "中文 / English" as the hub writes it: the half that is read here. */
export function half(message: string, locale: string): string {
  const at = message.indexOf(' / ');
  if (at < 0) return message;
  return locale.startsWith('zh') ? message.slice(0, at) : message.slice(at + 3);
}
