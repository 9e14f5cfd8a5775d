// Which refused records an action is about, in the words of the API.
export type Record_ = Record<string, string | null>;
export interface Cause {
  item: string;
  rule: string;
  field: string;
}
export interface Wish {
  item: string;
  rule?: string;
  field?: string;
  ids?: number[];
  edits?: Record<string, Record_>;
  dry_run: boolean;
}

/** The chosen ones, or all of the cause when none is chosen; edits only of those who are in it. */
export function wishFor(cause: Cause, chosen: ReadonlySet<number>, edits: ReadonlyMap<number, Record_>, dryRun: boolean): Wish {
  const { item, rule, field } = cause;
  if (!chosen.size) return { item, rule, ...(field ? { field } : {}), dry_run: dryRun };
  const ids = [...chosen].sort((a, b) => a - b);
  const used = ids.filter((id) => edits.has(id)).map((id) => [String(id), edits.get(id) ?? {}] as const);
  return { item, ids, ...(used.length ? { edits: Object.fromEntries(used) } : {}), dry_run: dryRun };
}

/** Only what differs is an edit; an empty text stays null when it was null. */
export function edited(before: Record_, typed: Readonly<Record<string, string>>): Record_ | undefined {
  const after = Object.fromEntries(
    Object.entries(before).map(([key, old]) => {
      const now = typed[key] ?? '';
      return [key, old === null && now === '' ? null : now];
    }),
  );
  return Object.keys(before).some((key) => after[key] !== before[key]) ? after : undefined;
}
