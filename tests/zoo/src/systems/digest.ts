// RFC 7616, the server's side, strict: the syntax of section 3.4, quoting rules included.
import { createHash } from 'node:crypto';

export const kAlgorithms: Record<string, string> = { MD5: 'md5', 'SHA-256': 'sha256' };
/** Section 3.4: these must be quoted strings, the others must not. */
const kQuoted = new Set(['username', 'realm', 'nonce', 'uri', 'response', 'cnonce', 'opaque']);
const kNeeded = ['username', 'realm', 'nonce', 'uri', 'response', 'qop', 'nc', 'cnonce', 'opaque'];

export type DigestFields = Record<string, string>;

function hash(algorithm: string, text: string): string {
  return createHash(kAlgorithms[algorithm] ?? 'md5')
    .update(text, 'utf8')
    .digest('hex');
}

/** The parameters, or what is wrong with the header. */
export function parseDigest(header: string): DigestFields | string {
  if (!/^digest /i.test(header)) return 'not Digest';
  const fields: DigestFields = {};
  let rest = header.slice(7).trim();
  while (rest !== '') {
    const m = /^([A-Za-z0-9*_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*(?:,\s*|$)/.exec(rest);
    if (!m) return `syntax near ${rest.slice(0, 20)}`;
    const name = (m[1] ?? '').toLowerCase();
    const quoted = m[2] !== undefined;
    if (name in fields) return `${name} twice`;
    if (quoted !== kQuoted.has(name)) return `${name} ${quoted ? 'must not' : 'must'} be quoted`;
    // Header bytes arrive as latin1; the challenge said charset=UTF-8.
    fields[name] = Buffer.from((m[2] ?? m[3] ?? '').replace(/\\(.)/g, '$1'), 'latin1').toString('utf8');
    rest = rest.slice(m[0].length);
  }
  const missing = kNeeded.find((n) => fields[n] === undefined);
  if (missing !== undefined) return `${missing} is missing`;
  if (fields['qop'] !== 'auth') return 'qop is not auth';
  if (!/^[0-9a-f]{8}$/i.test(fields['nc'] ?? '')) return 'nc is not 8 hex digits';
  if (!((fields['algorithm'] ?? 'MD5') in kAlgorithms)) return 'algorithm not offered';
  return fields;
}

export interface Answers {
  response: string;
  rspauth: string;
}

/** What an honest client sends, and what the server proves back. */
export function digestAnswers(f: DigestFields, method: string, password: string): Answers {
  const alg = f['algorithm'] ?? 'MD5';
  const ha1 = hash(alg, `${f['username']}:${f['realm']}:${password}`);
  const middle = `${f['nonce']}:${f['nc']}:${f['cnonce']}:${f['qop']}`;
  return {
    response: hash(alg, `${ha1}:${middle}:${hash(alg, `${method}:${f['uri']}`)}`),
    rspauth: hash(alg, `${ha1}:${middle}:${hash(alg, `:${f['uri']}`)}`),
  };
}
