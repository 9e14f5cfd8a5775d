// The ten systems.
import { dl8890, lnEdu, natSalvation, quTourism } from './systems_forms.ts';
import { dlVideo, lnEmergency, lnForestfire, quGrid, quIntegrity, quOa } from './systems_others.ts';
import type { System } from './walk.ts';

export { frameOf, says } from './walk.ts';

export const kSystems: readonly System[] = [
  quTourism,
  dl8890,
  natSalvation,
  lnEdu,
  lnForestfire,
  lnEmergency,
  dlVideo,
  quIntegrity,
  quGrid,
  quOa,
];

export function systemOf(id: string): System {
  const found = kSystems.find((one) => one.id === id);
  if (!found) throw new Error(`no walk through ${id}`);
  return found;
}
