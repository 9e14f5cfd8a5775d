// What went over the wire, as the browser recorded it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kHarFolder } from './browser.ts';

interface NameValue {
  name: string;
  value: string;
}

export interface Entry {
  file: string;
  method: string;
  url: string;
  requestHeaders: NameValue[];
  requestBody: string;
  status: number;
  responseHeaders: NameValue[];
  responseBody: Buffer;
}

interface RawEntry {
  request: { method: string; url: string; headers: NameValue[]; postData?: { text?: string } };
  response: { status: number; headers: NameValue[]; content: { text?: string; encoding?: string } };
}

function entryOf(file: string, raw: RawEntry): Entry {
  const { request, response } = raw;
  const encoding = response.content.encoding === 'base64' ? 'base64' : 'utf8';
  return {
    file,
    method: request.method,
    url: request.url,
    requestHeaders: request.headers,
    requestBody: request.postData?.text ?? '',
    status: response.status,
    responseHeaders: response.headers,
    responseBody: Buffer.from(response.content.text ?? '', encoding),
  };
}

/** Every entry of every context that the tests have closed. */
export function* harEntries(): Generator<Entry> {
  for (const file of readdirSync(kHarFolder)) {
    const log = JSON.parse(readFileSync(join(kHarFolder, file), 'utf8')) as { log: { entries: RawEntry[] } };
    for (const raw of log.log.entries) yield entryOf(file, raw);
  }
}
