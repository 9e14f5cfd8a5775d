// The one place that names every simulator.
import type { Sim } from '../core/sim.ts';
import type { SystemAccounts, SystemInfo } from '../core/types.ts';
import { Dl8890 } from './dl-8890.ts';
import { DlVideo } from './dl-video.ts';
import { LnEdu } from './ln-edu.ts';
import { LnEmergency } from './ln-emergency.ts';
import { LnForestfire } from './ln-forestfire.ts';
import { NatSalvation } from './nat-salvation.ts';
import { QuGrid } from './qu-grid.ts';
import { QuIntegrity } from './qu-integrity.ts';
import { QuOa } from './qu-oa.ts';
import { QuTourism } from './qu-tourism.ts';

type Make = (info: SystemInfo, data: SystemAccounts) => Sim;

export const kSimulators: Record<string, Make> = {
  'qu-tourism': (info, data) => new QuTourism(info, data),
  'dl-8890': (info, data) => new Dl8890(info, data),
  'nat-salvation': (info, data) => new NatSalvation(info, data),
  'ln-edu': (info, data) => new LnEdu(info, data),
  'ln-forestfire': (info, data) => new LnForestfire(info, data),
  'ln-emergency': (info, data) => new LnEmergency(info, data),
  'dl-video': (info, data) => new DlVideo(info, data),
  'qu-integrity': (info, data) => new QuIntegrity(info, data),
  'qu-grid': (info, data) => new QuGrid(info, data),
  'qu-oa': (info, data) => new QuOa(info, data),
};
