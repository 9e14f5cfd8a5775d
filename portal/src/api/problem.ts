// RFC 9457 problems as one error class; what never reached the hub gets codes of its own.
import type { components } from './schema';

type Wire = components['schemas']['Problem'];
export type ProblemCode = Wire['code'] | 'network' | 'unreadable';
export type ProblemField = Wire['fields'][number];

export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: ProblemCode,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly traceId: string,
    readonly fields: readonly ProblemField[] = [],
    readonly step = '',
    readonly retryAfter = 0,
  ) {
    super(`${status} ${code}`);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Reads what the server sent; an answer that is no problem document becomes `unreadable`.
 * @param retryAfter seconds of the Retry-After header, for a body that does not say
 */
export function toProblem(body: unknown, status: number, retryAfter = 0): Problem {
  if (!isObject(body) || typeof body.code !== 'string') return new Problem('unreadable', status, '', '', '');
  const fields = Array.isArray(body.fields) ? body.fields.filter(isObject) : [];
  return new Problem(
    body.code as ProblemCode,
    status,
    text(body.title),
    text(body.detail),
    text(body.trace_id),
    fields.map((field) => ({ name: text(field.name), code: text(field.code), detail: text(field.detail) })),
    text(body.step),
    typeof body.retry_after === 'number' ? body.retry_after : retryAfter,
  );
}

export const networkProblem = (): Problem => new Problem('network', 0, '', '', '');

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return networkProblem();
}
