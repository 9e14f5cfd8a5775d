// The audit log in the words of the page.
import type { Tone } from '../model';
import type { AuditRecord, AuditWish } from './queries';

/** What events are about, by the first part of their names. */
export const kAreas = [
  'login', 'step_up', 'second_factor', 'password', 'session', 'post', 'system', 'link', 'vault', 'gateway', 'people', 'share', 'sync',
  'check', 'alert', 'config', 'audit',
] as const;
export type Area = (typeof kAreas)[number];

export const areaOf = (type: string): Area | undefined => kAreas.find((area) => type.startsWith(`${area}.`));

const kTones: Record<AuditRecord['result'], Tone> = { ok: 'ok', failed: 'warn', denied: 'bad' };
export const resultTone = (result: AuditRecord['result']): Tone => kTones[result];

/** The filters of an address; what is no day is left out, so that an old link still opens. */
export function wishOf(query: Record<string, unknown>): AuditWish {
  const text = (key: string): string => (typeof query[key] === 'string' ? query[key].trim().slice(0, 60) : '');
  const day = (key: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(text(key)) ? text(key) : '');
  const area = areaOf(`${text('area')}.`);
  const all = { actor: text('actor'), type: area ? `${area}.` : '', object: text('object'), from: day('from'), to: day('to') };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}

/** What the fields of a record say, without what only machines follow. */
export const detailsOf = (record: AuditRecord): string =>
  Object.entries(record.fields)
    .filter(([name]) => name !== 'trace' && name !== 'session')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
