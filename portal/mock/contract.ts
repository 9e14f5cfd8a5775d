// Holds what the mock says against openapi.yaml, so that the pages are not tested against wishes.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

type Json = Record<string, unknown>;
const kFile = fileURLToPath(new URL('../../hub/admin/openapi.yaml', import.meta.url));
const document = parse(readFileSync(kFile, 'utf8')) as Json;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'api');

const pointer = (...parts: string[]): string =>
  `api#/${parts.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}`;
const at = (...parts: string[]): unknown =>
  parts.reduce<unknown>((node, part) => (node as Json | undefined)?.[part], document);

function deref(parts: string[]): string[] {
  const node = at(...parts) as { $ref?: string } | undefined;
  return node?.$ref ? node.$ref.slice(2).split('/') : parts;
}

const compiled = new Map<string, ValidateFunction>();
function check(parts: string[], value: unknown, what: string): void {
  const ref = pointer(...parts);
  const validate = compiled.get(ref) ?? ajv.compile({ $ref: ref });
  compiled.set(ref, validate);
  if (!validate(value)) throw new Error(`${what}: ${ajv.errorsText(validate.errors)}`);
}

export interface Match {
  template: string;
  params: Record<string, string>;
}

/** The path template a request belongs to; concrete paths win over templates. */
export function route(path: string): Match | undefined {
  const templates = Object.keys(document.paths as Json).sort((a, b) => a.split('{').length - b.split('{').length);
  for (const template of templates) {
    const names = [...template.matchAll(/{(\w+)}/g)].map((match) => match[1] ?? '');
    const found = new RegExp(`^${template.replace(/{\w+}/g, '([^/]+)')}$`).exec(path);
    if (found) return { template, params: Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? ''])) };
  }
  return undefined;
}

export function needsCsrf(method: string, template: string): boolean {
  const own = (at('paths', template, method, 'parameters') ?? []) as { $ref?: string }[];
  return own.some((parameter) => parameter.$ref === '#/components/parameters/Csrf');
}

export function checkRequest(method: string, template: string, body: unknown): void {
  const parts = [...deref(['paths', template, method, 'requestBody']), 'content', 'application/json', 'schema'];
  if (at(...parts)) check(parts, body, `request ${method} ${template}`);
}

export function checkAnswer(method: string, template: string, status: number, body: unknown): void {
  const responses = ['paths', template, method, 'responses'];
  const key = at(...responses, String(status)) ? String(status) : 'default';
  const response = deref([...responses, key]);
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  const parts = [...response, 'content', type, 'schema'];
  const what = `answer ${method} ${template} ${status}`;
  if (!at(...response)) throw new Error(`${what}: not in the contract`);
  if (at(...parts)) check(parts, body, what);
  else if (body !== undefined) throw new Error(`${what}: the contract has no body here`);
}
