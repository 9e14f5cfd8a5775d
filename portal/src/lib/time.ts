// One date format for everybody: local time, YYYY-MM-DD HH:mm.
const two = (n: number): string => String(n).padStart(2, '0');

export function dateTime(iso: string | null): string {
  if (!iso) return '';
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function clock(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export type DayPart = 'night' | 'morning' | 'noon' | 'afternoon' | 'evening';

export function dayPart(hour: number): DayPart {
  if (hour < 6) return 'night';
  if (hour < 11) return 'morning';
  if (hour < 13) return 'noon';
  if (hour < 18) return 'afternoon';
  return 'evening';
}

export function longDay(at: Date, locale: string): string {
  const text = new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', weekday: 'long' }).format(at);
  // Chinese typography: a space between digits and hanzi, and before the weekday.
  return locale.startsWith('zh') ? text.replace(/(\d+)/g, ' $1 ').replace('星期', ' 星期').trim() : text;
}
