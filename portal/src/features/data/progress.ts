// Rate and remaining time from what was read so far.
export interface Sample {
  at: number;
  read: number;
}
const kWindowMs = 15_000;

/** The samples of the last seconds with a new one; a count that fell begins anew. */
export function noted(samples: readonly Sample[], read: number, at: number): Sample[] {
  const last = samples[samples.length - 1];
  const kept = last && last.read > read ? [] : samples.filter((one) => at - one.at <= kWindowMs);
  return [...kept, { at, read }];
}

/** Records per second over the samples; nothing until there are two seconds to judge by. */
export function rate(samples: readonly Sample[]): number | undefined {
  const first = samples[0];
  const last = samples[samples.length - 1];
  if (!first || !last || last.at - first.at < 1000) return undefined;
  return ((last.read - first.read) * 1000) / (last.at - first.at);
}

/** ms until `expected` records are read, by the rate; nothing when that cannot be said. */
export function remaining(samples: readonly Sample[], expected: number): number | undefined {
  const perSecond = rate(samples);
  const read = samples[samples.length - 1]?.read ?? 0;
  if (!perSecond || expected <= read) return undefined;
  return ((expected - read) / perSecond) * 1000;
}
