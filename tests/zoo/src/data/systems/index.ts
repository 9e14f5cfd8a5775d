// The one place that names every data side.
import type { DataSource } from '../source.ts';
import { DlGis } from './dl-gis.ts';
import { DlVideo } from './dl-video.ts';
import { NatShare } from './nat-share.ts';
import { QuIntegrity } from './qu-integrity.ts';
import { QuVmeet } from './qu-vmeet.ts';
import { Dl8890 } from './dl-8890.ts';
import { LnEmergency } from './ln-emergency.ts';
import { LnSupervise } from './ln-supervise.ts';
import { QuSites } from './qu-sites.ts';
import { DlRealty } from './dl-realty.ts';
import { DlMedins } from './dl-medins.ts';
import { DlTransport } from './dl-transport.ts';
import { Dl12345 } from './dl-12345.ts';
import { LnColdchain } from './ln-coldchain.ts';
import { LnParty } from './ln-party.ts';
import { LnZwfw } from './ln-zwfw.ts';
import { kFileSources } from './file_sources.ts';
import { NatInvest } from './nat-invest.ts';
import { QuCommunity } from './qu-community.ts';
import { QuMinsheng } from './qu-minsheng.ts';
import { QuOnewin } from './qu-onewin.ts';
import { QuOpinion } from './qu-opinion.ts';
import { QuProject } from './qu-project.ts';
import { QuVideohub } from './qu-videohub.ts';
import { kSqlSources } from './sql_sources.ts';

export const kDataSources: Record<string, () => DataSource> = {
  'dl-12345': () => new Dl12345(),
  'ln-coldchain': () => new LnColdchain(),
  'ln-party': () => new LnParty(),
  'ln-zwfw': () => new LnZwfw(),
  ...kFileSources,
  ...kSqlSources,
  'nat-invest': () => new NatInvest(),
  'qu-community': () => new QuCommunity(),
  'qu-minsheng': () => new QuMinsheng(),
  'qu-onewin': () => new QuOnewin(),
  'qu-opinion': () => new QuOpinion(),
  'qu-project': () => new QuProject(),
  'qu-videohub': () => new QuVideohub(),
  'dl-gis': () => new DlGis(),
  'dl-video': () => new DlVideo(),
  'nat-share': () => new NatShare(),
  'qu-integrity': () => new QuIntegrity(),
  'qu-vmeet': () => new QuVmeet(),
  'dl-8890': () => new Dl8890(),
  'ln-emergency': () => new LnEmergency(),
  'ln-supervise': () => new LnSupervise(),
  'qu-sites': () => new QuSites(),
  'dl-realty': () => new DlRealty(),
  'dl-medins': () => new DlMedins(),
  'dl-transport': () => new DlTransport(),
};
