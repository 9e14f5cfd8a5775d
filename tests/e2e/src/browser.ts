// One Chromium per test file; each context records everything that goes over the wire (HAR) for the search for secrets.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { demo } from './demo.ts';

const kFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--ignore-certificate-errors',
];
const kWaitMs = 10_000;
export const kHarFolder = join(demo.data, 'har');

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** What a person would have been bothered with: native password prompts, alerts. */
  prompts: string[];
  /** Answers of systems that say that something is missing or went wrong. */
  failures: string[];
  /** Addresses of every request, in order. */
  urls: string[];
  close(): Promise<void>;
}

export class Chromium {
  private count = 0;
  private constructor(
    private readonly browser: Browser,
    private readonly home: string,
    private readonly name: string,
  ) {}

  static async launch(name: string): Promise<Chromium> {
    const home = mkdtempSync(join(tmpdir(), 'yimen-e2e-home-'));
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: kFlags,
      env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
    });
    return new Chromium(browser, home, name);
  }

  async visit(options: BrowserContextOptions = {}): Promise<Visit> {
    mkdirSync(kHarFolder, { recursive: true });
    const har = join(kHarFolder, `${this.name}-${++this.count}.har`);
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      ignoreHTTPSErrors: true,
      acceptDownloads: true,
      recordHar: { path: har, content: 'embed', mode: 'full' },
      ...options,
    });
    context.setDefaultTimeout(kWaitMs);
    const visit: Visit = { context, page: await context.newPage(), prompts: [], failures: [], urls: [], close: () => leave(context) };
    context.on('request', (request) => visit.urls.push(request.url()));
    context.on('response', (response) => {
      const wants = response.headers()['www-authenticate'] ?? '';
      if (response.status() >= 400 && !response.url().startsWith(`${demo.origin}/`)) visit.failures.push(`${response.status()} ${response.url()}`);
      if (/basic|digest|ntlm|negotiate/i.test(wants)) visit.prompts.push(`${response.url()} asks: ${wants}`);
    });
    context.on('dialog', (dialog) => {
      visit.prompts.push(`${dialog.type()}: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return visit;
  }

  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Signs out, so that the next test finds no session of the same person, and ends the recording. */
async function leave(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${demo.origin}/logout`);
  const button = page.locator('form[action="/logout"] button');
  if ((await button.count()) > 0) {
    await button.click();
    await page.locator('a[href="/login"]').waitFor();
  }
  await context.close();
}

/** No password field, no challenge, no alert: a person who is signed in is not asked again. */
export async function assertNotAsked(visit: Visit): Promise<void> {
  assert.deepEqual(visit.prompts, []);
  for (const frame of visit.page.frames()) {
    const fields = await frame.locator('input[type=password]').count();
    assert.equal(fields, 0, `a password is asked for at ${frame.url()}`);
  }
}

/** Cookies of the browser by host; the hub's own are the only ones it may have. */
export async function strangeCookies(context: BrowserContext): Promise<string[]> {
  const all = await context.cookies();
  return all.filter((one) => !/^(__Host-)?yimen(-|$)/.test(one.name)).map((one) => `${one.domain} ${one.name}`);
}

const kShots = process.env['E2E_SHOTS'];
/** A picture for a person to look at, when a folder was named. */
export async function shot(page: Page, name: string, fullPage = false): Promise<void> {
  if (!kShots) return;
  mkdirSync(kShots, { recursive: true });
  await page.screenshot({ path: join(kShots, `${name}.png`), fullPage });
}
