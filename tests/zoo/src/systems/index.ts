// The one place that names every simulator.
import type { Sim } from '../core/sim.ts';
import type { SystemAccounts, SystemInfo } from '../core/types.ts';
import { Dl8890 } from './dl-8890.ts';
import { LnEdu } from './ln-edu.ts';
import { NatSalvation } from './nat-salvation.ts';
import { QuTourism } from './qu-tourism.ts';

type Make = (info: SystemInfo, data: SystemAccounts) => Sim;

export const kSimulators: Record<string, Make> = {
  'qu-tourism': (info, data) => new QuTourism(info, data),
  'dl-8890': (info, data) => new Dl8890(info, data),
  'nat-salvation': (info, data) => new NatSalvation(info, data),
  'ln-edu': (info, data) => new LnEdu(info, data),
};
