// Data sides that are files.
import type { DataSource } from '../source.ts';
import { LnEduData } from './ln-edu.ts';
import { LnFloodData } from './ln-flood.ts';
import { LnForestfireData } from './ln-forestfire.ts';
import { NatCredit } from './nat-credit.ts';
import { NatPetitionData } from './nat-petition.ts';
import { NatStat } from './nat-stat.ts';
import { QuBorder } from './qu-border.ts';
import { QuCar } from './qu-car.ts';
import { QuStat } from './qu-stat.ts';
import { QuTourismData } from './qu-tourism.ts';
import { QuTower } from './qu-tower.ts';

export const kFileSources: Record<string, () => DataSource> = {
  'ln-edu': () => new LnEduData(),
  'ln-flood': () => new LnFloodData(),
  'ln-forestfire': () => new LnForestfireData(),
  'nat-credit': () => new NatCredit(),
  'nat-petition': () => new NatPetitionData(),
  'nat-stat': () => new NatStat(),
  'qu-border': () => new QuBorder(),
  'qu-car': () => new QuCar(),
  'qu-stat': () => new QuStat(),
  'qu-tourism': () => new QuTourismData(),
  'qu-tower': () => new QuTower(),
};
