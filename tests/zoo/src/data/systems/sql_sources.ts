// Data sides that are databases.
import type { DataSource } from '../source.ts';
import { DlCg } from './dl-cg.ts';
import { DlEcology } from './dl-ecology.ts';
import { DlHousing } from './dl-housing.ts';
import { LnFinance } from './ln-finance.ts';
import { LnHrss } from './ln-hrss.ts';
import { NatSalvationData } from './nat-salvation.ts';
import { QuGridData } from './qu-grid.ts';
import { QuParty } from './qu-party.ts';
import { QuPolilaw } from './qu-polilaw.ts';

export const kSqlSources: Record<string, () => DataSource> = {
  'dl-cg': () => new DlCg(),
  'dl-ecology': () => new DlEcology(),
  'dl-housing': () => new DlHousing(),
  'ln-finance': () => new LnFinance(),
  'ln-hrss': () => new LnHrss(),
  'nat-salvation': () => new NatSalvationData(),
  'qu-grid': () => new QuGridData(),
  'qu-party': () => new QuParty(),
  'qu-polilaw': () => new QuPolilaw(),
};
