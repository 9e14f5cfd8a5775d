// Serves dist as the hub does: precompressed, immutable, strict CSP, deep links from index.html.
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { manifest } from './pages.ts';

const kTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export const kPageCsp =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; " +
  "frame-ancestors 'none'";

export function appCsp(dist: string): string {
  const { csp } = manifest(dist);
  return (
    `default-src 'none'; script-src 'self' ${csp.script.join(' ')}; style-src 'self' ${csp.style.join(' ')}; ` +
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
  );
}

export function serveFile(dist: string, path: string, req: IncomingMessage, res: ServerResponse): boolean {
  const isAsset = /^\/assets\/[\w.-]+$/.test(path);
  const file = isAsset ? join(dist, path) : join(dist, 'index.html');
  if (!existsSync(file)) return false;
  const wantsBr = (req.headers['accept-encoding'] ?? '').includes('br') && existsSync(`${file}.br`);
  res.writeHead(200, {
    'Content-Type': kTypes[extname(file)] ?? 'application/octet-stream',
    'Cache-Control': isAsset ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(isAsset ? {} : { 'Content-Security-Policy': appCsp(dist) }),
    ...(wantsBr ? { 'Content-Encoding': 'br' } : {}),
  });
  res.end(readFileSync(wantsBr ? `${file}.br` : file));
  return true;
}
