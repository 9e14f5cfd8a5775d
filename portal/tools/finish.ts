// Vite plugin: what the hub needs beside the bundle. dist/manifest.json (hashed names, CSP hashes of the inline
// parts of index.html) and a .br and .gz beside every text asset.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const kText = /\.(html|js|css|svg|json)$/;

export interface Manifest {
  /** logical name -> URL path with hash */
  assets: Record<string, string>;
  /** hash sources for index.html's own policy, quoted as CSP wants them */
  csp: { style: string[]; script: string[] };
}

const inline = (html: string, tag: 'style' | 'script'): string[] =>
  [...html.matchAll(new RegExp(`<${tag}(?![^>]*\\bsrc=)[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))].map(
    (match) => `'sha256-${createHash('sha256').update(match[1] ?? '').digest('base64')}'`,
  );

export function finish(out: string): Plugin {
  return {
    name: 'yimen-finish',
    apply: 'build',
    closeBundle() {
      const assets: Record<string, string> = {};
      for (const file of readdirSync(join(out, 'assets'))) {
        const parts = /^(.+)\.[\w-]{8}\.(\w+)$/.exec(file);
        if (parts) assets[`${parts[1]}.${parts[2]}`] = `/assets/${file}`;
      }
      const html = readFileSync(join(out, 'index.html'), 'utf8');
      const manifest: Manifest = { assets, csp: { style: inline(html, 'style'), script: inline(html, 'script') } };
      writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
      const files = [...readdirSync(join(out, 'assets')).map((file) => join('assets', file)), 'index.html'];
      for (const file of files.filter((name) => kText.test(name))) {
        const body = readFileSync(join(out, file));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
        writeFileSync(join(out, `${file}.br`), brotliCompressSync(body, { params }));
        writeFileSync(join(out, `${file}.gz`), gzipSync(body, { level: 9 }));
      }
    },
  };
}
