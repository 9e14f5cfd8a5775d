import type { Tone } from '../model';
import type { Alert, Check } from './queries';

export type State = Alert['state'];
const kTones: Record<State, Tone> = { open: 'bad', taken: 'brand', closed: 'none' };
export const stateTone = (state: State): Tone => kTones[state];
export const levelTone = (severity: Alert['severity']): Tone => (severity === 'red' ? 'bad' : 'warn');

export const kViews = {
  open: (alert: Alert) => alert.state === 'open',
  taken: (alert: Alert) => alert.state === 'taken',
  every: () => true,
} as const;
export type View = keyof typeof kViews;

export const titleOf = (check: Pick<Check, 'title'>, locale: string): string => (locale.startsWith('zh') ? check.title.zh : check.title.en);

/** Red before yellow, open before taken before closed, the newest first. */
export function ordered(alerts: readonly Alert[]): Alert[] {
  const kOrder: State[] = ['open', 'taken', 'closed'];
  const weight = (alert: Alert): number => kOrder.indexOf(alert.state) * 2 + (alert.severity === 'red' ? 0 : 1);
  return [...alerts].sort((a, b) => weight(a) - weight(b) || (b.opened_at ?? '').localeCompare(a.opened_at ?? ''));
}
