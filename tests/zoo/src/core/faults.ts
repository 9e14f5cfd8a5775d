// Faults that a test can plant. Wire faults hit the next matching requests; the others change the system.
export const kWireFaults = ['slow', 'reset', 'status500', 'wrong_charset', 'cut_body'] as const;
export type WireFault = (typeof kWireFaults)[number];

export interface Planted {
  kind: WireFault;
  ms: number;
  /** Requests still to hit; Infinity = until cleared. */
  left: number;
  /** Path prefix, '' = every request. */
  path: string;
}

export class Faults {
  private planted = new Map<WireFault, Planted>();
  skewMs = 0;
  /** Set: the session cookies carry this suffix from now on. */
  cookieSuffix = '';

  plant(fault: Planted): void {
    this.planted.set(fault.kind, fault);
  }

  clear(): void {
    this.planted.clear();
    this.skewMs = 0;
    this.cookieSuffix = '';
  }

  /** Takes the faults that hit this request, counting them down. */
  take(path: string): Map<WireFault, Planted> {
    const hit = new Map<WireFault, Planted>();
    for (const fault of [...this.planted.values()]) {
      if (!path.startsWith(fault.path)) continue;
      hit.set(fault.kind, { ...fault });
      if (--fault.left <= 0) this.planted.delete(fault.kind);
    }
    return hit;
  }
}
