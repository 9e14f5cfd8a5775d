// A walk through a system: its home page, then list, detail, a form with Chinese text, the page's own script, a download.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Download, Frame, Page } from 'playwright-core';
import { until } from './wait.ts';

export const kText = '已核实：供热管网压力不足，明日上午抢修，特此说明。';
const kDetailMs = 10_000;

/** The text of an element, once it says what it must. */
export async function says(where: Page | Frame, selector: string, wanted: RegExp | string): Promise<void> {
  const node = where.locator(selector).first();
  await node.waitFor({ state: 'attached' });
  let seen = '';
  const good = async (): Promise<boolean> => {
    seen = (await node.textContent()) ?? '';
    return typeof wanted === 'string' ? seen.includes(wanted) : wanted.test(seen);
  };
  await until(`${selector} says ${String(wanted)} at ${where.url()}`, good, kDetailMs).catch((cause: Error) => {
    throw new Error(`${cause.message}; it says ${JSON.stringify(seen)}`);
  });
}

export async function frameOf(page: Page, name: string): Promise<Frame> {
  await until(`frame ${name} loaded`, async () => {
    const frame = page.frame({ name });
    return frame !== null && (await frame.evaluate(() => document.readyState).catch(() => '')) === 'complete';
  });
  const frame = page.frame({ name });
  assert.ok(frame, `no frame ${name}`);
  return frame;
}

export interface Wanted {
  file: string;
  charset: string;
  text: string;
}

export async function download(page: Page, click: () => Promise<unknown>, wanted: Wanted): Promise<void> {
  const [file] = (await Promise.all([page.waitForEvent('download'), click()])) as [Download, unknown];
  assert.equal(await file.failure(), null);
  assert.equal(file.suggestedFilename(), wanted.file);
  const bytes = readFileSync(await file.path());
  assert.ok(new TextDecoder(wanted.charset, { fatal: true }).decode(bytes).includes(wanted.text), `${wanted.file}: wrong content`);
}

export interface System {
  id: string;
  /** What is typed into the search field: initials of the name. */
  initials: string;
  /** The person's name and the system's are on the home page, and its script got an answer. */
  home(page: Page, person: string): Promise<void>;
  /** From the home page through the rest; ends anywhere in the system. */
  tour?(page: Page, person: string): Promise<void>;
}
