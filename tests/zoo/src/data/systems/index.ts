// The one place that names every data side.
import type { DataSource } from '../source.ts';
import { NatInvest } from './nat-invest.ts';

export const kDataSources: Record<string, () => DataSource> = {
  'nat-invest': () => new NatInvest(),
};
