// Figures for people.
type Say = (key: string, values?: Record<string, string | number>) => string;

/** 12,345 in both languages. */
export const figure = (n: number): string => n.toLocaleString('en-US');

/** 99.8 %; never rounds to 100 what is not all. */
export function share(part: number, whole: number): string {
  if (whole <= 0) return '';
  const tenths = Math.floor((part / whole) * 1000);
  return `${(tenths / 10).toFixed(tenths % 10 ? 1 : 0)} %`;
}

/** "3 min" from milliseconds: the largest unit, and the next one below ten of it. */
export function span(ms: number, t: Say): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return t('time.less');
  if (seconds < 60) return t('time.seconds', { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    const rest = seconds % 60;
    const whole = t('time.minutes', { n: minutes });
    return minutes < 10 && rest ? `${whole} ${t('time.seconds', { n: rest })}` : whole;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    const whole = t('time.hours', { n: hours });
    return hours < 10 && minutes % 60 ? `${whole} ${t('time.minutes', { n: minutes % 60 })}` : whole;
  }
  return t('time.days', { n: Math.floor(hours / 24) });
}
