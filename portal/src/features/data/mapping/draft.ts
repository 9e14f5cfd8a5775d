// A draft of a mapping on this device, tied to the version it was made from.
const key = (item: string): string => `yimen.mapping.${item}`;

export function keepDraft(item: string, version: string, text: string): void {
  try {
    localStorage.setItem(key(item), JSON.stringify({ version, text }));
  } catch {
    // Without storage the draft lives as long as the page.
  }
}

export function dropDraft(item: string): void {
  try {
    localStorage.removeItem(key(item));
  } catch {
    // Nothing was kept then.
  }
}

/** Nothing when there is none, or when the mapping has changed since. */
export function readDraft(item: string, version: string): string | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(item)) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return undefined;
    const { version: from, text } = kept as { version?: unknown; text?: unknown };
    return from === version && typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
