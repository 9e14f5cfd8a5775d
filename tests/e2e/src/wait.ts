import { setTimeout as pause } from 'node:timers/promises';

/** Asks until it is so. The pause is only how often; nothing depends on its length. */
export async function until(what: string, so: () => Promise<boolean>, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await so())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await pause(50);
  }
}
