// What holds on every page in every state: axe, reflow, target sizes, longer words, the content policy.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMock, type Mock } from '../mock/server.ts';
import { launch, type Handle } from './browser.ts';
import { openState, states } from './states.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const kWidths = [1440, 768, 390, 320] as const;
const kAxeWidths: readonly number[] = [1440, 390];
const kSizes = ['normal', 'large'] as const;
const kThemes = ['light', 'dark'] as const;
const kTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function setLook(page: Page, theme: string, size: string): Promise<void> {
  await page.evaluate(
    ([t, s]) => {
      document.documentElement.dataset.theme = t;
      document.documentElement.dataset.size = s;
    },
    [theme, size],
  );
}

async function axe(page: Page): Promise<string[]> {
  return page.evaluate(async (tags) => {
    interface Result {
      violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
    }
    const { axe: run } = window as unknown as { axe: { run(root: Document, how: object): Promise<Result> } };
    const result = await run.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return result.violations.flatMap((one) => one.nodes.map((node) => `${one.id} ${node.target.join(' ')}: ${node.failureSummary}`));
  }, kTags);
}

/** Everything that scrolls sideways or hides its end, in any scroll container. */
async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > window.innerWidth) {
      found.push(`document ${document.documentElement.scrollWidth}`);
      for (const node of document.querySelectorAll('body *')) {
        const box = node.getBoundingClientRect();
        if (box.right > window.innerWidth + 1 && !node.closest('.sr')) found.push(`past the edge: ${node.tagName}.${node.className}`);
      }
    }
    for (const node of document.querySelectorAll<HTMLElement>('body *')) {
      if (node.closest('.sr, .skip, thead') || node.tagName === 'INPUT' || node.scrollWidth <= node.clientWidth + 1) continue;
      if (getComputedStyle(node).overflowX !== 'visible') found.push(`${node.tagName}.${node.className} ${node.scrollWidth}>${node.clientWidth}`);
    }
    return found.slice(0, 6);
  });
}

async function smallTargets(page: Page, least: number): Promise<string[]> {
  return page.evaluate((min) => {
    const all = document.querySelectorAll<HTMLElement>('button, .btn, .chip, .input, nav a, label.choice, [role=option]');
    return [...all]
      .map((node) => [node, node.getBoundingClientRect()] as const)
      .filter(([node, box]) => box.height > 0 && !node.classList.contains('skip') && Math.min(box.height, box.width) < min - 0.5)
      .map(([node, box]) => `${node.tagName}.${node.className} ${Math.round(box.width)}x${Math.round(box.height)}`);
  }, least);
}

/** Makes every word for people 40 % longer, as another language or a long name would. */
async function stretch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts) {
      const value = text.data.trim();
      if (value.length > 1) text.data = `${text.data}${value.slice(0, Math.ceil(value.length * 0.4))}`;
    }
  });
}

const label = (found: string[], ...where: (string | number)[]): string[] => found.map((one) => `${where.join(' ')}: ${one}`);

async function reflow(page: Page, what = ''): Promise<string[]> {
  const found: string[] = [];
  for (const width of kWidths) {
    await page.setViewportSize({ width, height: width < 700 ? 844 : 900 });
    for (const size of kSizes) {
      await setLook(page, 'light', size);
      found.push(...label(await overflow(page), 'overflow', width, size, what));
    }
  }
  return found;
}

async function inspect(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axeSource);
  for (const width of kAxeWidths) {
    await page.setViewportSize({ width, height: width < 700 ? 844 : 900 });
    for (const size of kSizes) {
      for (const theme of kThemes) {
        await setLook(page, theme, size);
        found.push(...label(await axe(page), 'axe', width, size, theme));
      }
      const least = size === 'large' ? 44 : 24;
      found.push(...label(await smallTargets(page, least), 'target', width, size));
    }
  }
  return found;
}

/** Registers the tests of every `share`-th state; two files make two workers. */
export function gates(part: number, parts: number): void {
  let handle: Handle;
  let mock: Mock;
  beforeAll(async () => {
    handle = await launch();
    mock = await startMock('dist');
  });
  afterAll(async () => {
    await handle?.close();
    await mock?.close();
  });

  const mine = Object.keys(states).filter((_, index) => index % parts === part);
  test.each(mine)('%s', async (name) => {
    const context = await handle.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
    });
    await openState(page, mock, name, { theme: 'light', size: 'normal', lang: 'zh-CN' });
    complaints.push(...(await inspect(page)), ...(await reflow(page)));
    await stretch(page);
    complaints.push(...(await reflow(page, '+40 %')));
    expect(complaints).toEqual([]);
    expect(mock.breaches).toEqual([]);
    await context.close();
  });

  test.each(mine.filter((name) => /ready|plain|role|down|some|dialog|failed|denied/.test(name)))('%s in English', async (name) => {
    const context = await handle.browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await openState(page, mock, name, { theme: 'light', size: 'normal', lang: 'en' });
    await page.locator('html[lang=en]').waitFor({ state: 'attached' });
    expect(await reflow(page, 'en')).toEqual([]);
    await context.close();
  });
}
