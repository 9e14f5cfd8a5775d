// The one way to the hub. A request that finds the session ended waits for the person to sign in again, then is sent
// once more with the new token: nothing that was typed is lost.
import createClient from 'openapi-fetch';
import type { components, paths } from './schema';
import { networkProblem, toProblem } from './problem';

export type Schemas = components['schemas'];

let token = '';
let language = 'zh-CN';
let signInAgain: () => Promise<void> = () => Promise.reject(new Error('not ready'));
let prove: () => Promise<boolean> = () => Promise.resolve(false);

export const setToken = (value: string): void => void (token = value);
export const setLanguage = (value: string): void => void (language = value);
/** @param handler resolves when a new session exists (and setToken was called) */
export const onSessionEnd = (handler: () => Promise<void>): void => void (signInAgain = handler);
/** @param handler resolves with true when the person proved a second factor, with false when they gave up */
export const onStepUp = (handler: () => Promise<boolean>): void => void (prove = handler);

export const csrf = (): { 'X-CSRF-Token': string } => ({ 'X-CSRF-Token': token });

async function codeOf(response: Response): Promise<string> {
  if (response.status !== 401 && response.status !== 403) return '';
  const body: unknown = await response.clone().json().catch(() => null);
  return toProblem(body, response.status).code;
}

async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  const code = await codeOf(response);
  if (code === 'no_session') await signInAgain();
  else if (code !== 'insufficient_user_authentication' || !(await prove())) return response;
  const headers = new Headers(again.headers);
  if (headers.has('X-CSRF-Token')) headers.set('X-CSRF-Token', token);
  return fetch(new Request(again, { headers }));
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send });
api.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', language);
    return request;
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function settle<T>(call: Promise<Answer<T>>): Promise<Answer<T>> {
  const answer = await call.catch(() => {
    throw networkProblem();
  });
  if (answer.response.ok) return answer;
  const { status, headers } = answer.response;
  const problem = toProblem(answer.error, status, Number(headers.get('Retry-After')) || 0);
  // Not an outcome of a system (422) but the person's own password: nothing else works before that.
  if (problem.code === 'must_change' && status === 403) window.location.assign('/password');
  throw problem;
}

/** The body of a success; everything else is thrown as a Problem. */
export async function need<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, response } = await settle(call);
  if (data === undefined) throw toProblem(null, response.status);
  return data;
}

/** For answers without a body. */
export async function done(call: Promise<Answer<unknown>>): Promise<void> {
  await settle(call);
}
