import type { Problem } from '../../api/problem';
import type { Link } from './queries';

type Say = (key: string, values?: Record<string, string>) => string;

export const needsCare = (link: Link): boolean => link.mode === 'own' && link.state !== 'linked';

const kOutcomes = new Set([
  'bad_password', 'locked', 'must_change', 'captcha', 'second_session', 'maintenance', 'page_changed', 'unreachable',
  'invalid_field',
]);
const kSteps = new Set(['connect', 'login_page', 'submit', 'confirm']);

export interface Failure {
  cause: string;
  step: string;
  trace: string;
}

/** What a failed sign-on means, in words; steps of a manifest keep their own name. */
export function failure(problem: Problem, t: Say): Failure {
  const cause = kOutcomes.has(problem.code)
    ? t(`outcome.${problem.code}`)
    : [problem.title, problem.detail].filter(Boolean).join(' ') || t('error.networkDetail');
  const step = kSteps.has(problem.step) ? t(`step.${problem.step}`) : problem.step;
  return { cause, step: step && t('links.failedStep', { step }), trace: problem.traceId };
}
