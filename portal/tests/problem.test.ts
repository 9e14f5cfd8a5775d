import { describe, expect, it } from 'vitest';
import { asProblem, Problem, toProblem } from '../src/api/problem';

const wire = {
  type: 'urn:yimen:problem:locked', title: '登录已暂停', status: 423, detail: '请稍后', code: 'locked', trace_id: 'T1',
  retry_after: 90, step: 'submit', fields: [{ name: 'next', code: 'short', detail: '太短' }],
};

describe('toProblem', () => {
  it('keeps cause, advice, trace, step and fields', () => {
    const problem = toProblem(wire, 423);
    expect(problem).toMatchObject({ code: 'locked', status: 423, title: '登录已暂停', detail: '请稍后', traceId: 'T1' });
    expect(problem).toMatchObject({ retryAfter: 90, step: 'submit', fields: wire.fields });
  });

  it('takes the header for the waiting time only when the body has none', () => {
    expect(toProblem(wire, 423, 7).retryAfter).toBe(90);
    expect(toProblem({ ...wire, retry_after: undefined }, 423, 7).retryAfter).toBe(7);
  });

  it.each([[null], ['<html>'], [{}], [{ code: 7 }], [[]]])('calls %j unreadable', (body) => {
    expect(toProblem(body, 502)).toMatchObject({ code: 'unreadable', status: 502, title: '' });
  });

  it('drops parts of the wrong type instead of showing them', () => {
    const problem = toProblem({ code: 'internal', title: { html: 1 }, fields: [null, 3, { name: 4 }] }, 500);
    expect(problem.title).toBe('');
    expect(problem.fields).toEqual([{ name: '', code: '', detail: '' }]);
  });

  it('does not carry texts of the server in its message', () => {
    expect(toProblem(wire, 423).message).toBe('423 locked');
  });
});

describe('asProblem', () => {
  it('passes problems on and takes anything else as a lost network', () => {
    const problem = new Problem('busy', 503, '', '', '');
    expect(asProblem(problem)).toBe(problem);
    expect(asProblem(new TypeError('failed to fetch')).code).toBe('network');
  });
});
