// One-time codes: what the hub says of one that it did not take, and where a person may be led back to.
import type { Problem } from '../api/problem';

type Say = (key: string, places?: Record<string, number>) => string;

export function codeWords(t: Say, problem: Problem): string {
  switch (problem.code) {
    case 'bad_code':
      return t('code.wrong');
    case 'code_used':
      return t('code.used');
    case 'locked':
      return t('code.locked', { minutes: Math.ceil(problem.retryAfter / 60) });
    case 'throttled':
      return t('code.throttled', { seconds: problem.retryAfter });
    case 'network':
      return t('error.networkTitle');
    default:
      return problem.title || t('error.title');
  }
}

/** Only the hub's own step-up page sends people here to set up a code, so nothing else is a way back. */
export function wayBack(next: unknown): string {
  return typeof next === 'string' && /^\/step-up\?to=[\w%.~-]*(&ask=1)?$/.test(next) ? next : '';
}
