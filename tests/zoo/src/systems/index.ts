// The one place that names every simulator.
import type { Sim } from '../core/sim.ts';
import type { SystemAccounts, SystemInfo } from '../core/types.ts';

type Make = (info: SystemInfo, data: SystemAccounts) => Sim;

export const kSimulators: Record<string, Make> = {
};
