// Pictures of the main pages in their looks, for a person to judge, and what a script can judge of them: nothing is cut off.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Chromium, shot } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { home, signIn, signOut } from '../src/portal.ts';

let chromium: Chromium;
before(async () => {
  chromium = await Chromium.launch('pictures');
});
after(async () => {
  await chromium?.close();
});

/** Stores the look for the person, as the switches of the portal do. */
async function wear(page: Page, look: string): Promise<void> {
  const chosen = {
    theme: look === 'dark' ? 'dark' : 'light',
    size: look === 'large' ? 'large' : 'normal',
    locale: look === 'english' ? 'en' : 'zh-CN',
  };
  const status = await page.evaluate(async (body) => {
    const me = (await (await fetch('/api/v1/me')).json()) as { csrf_token: string };
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf_token };
    return (await fetch('/api/v1/me/preferences', { method: 'PUT', headers, body: JSON.stringify(body) })).status;
  }, chosen);
  assert.equal(status, 200);
  await page.reload();
  await page.locator(`html[lang="${chosen.locale}"][data-theme=${chosen.theme}][data-size=${chosen.size}]`).waitFor({ state: 'attached' });
}

/** No scroll bar sideways, and no text wider than its box. */
async function assertWhole(page: Page, what: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    const out = root.scrollWidth > root.clientWidth ? [`page ${root.scrollWidth} > ${root.clientWidth}`] : [];
    for (const node of document.querySelectorAll<HTMLElement>('h1, h2, .tile, .tile a, .btn, .chip, .note, .tag, td, th'))
      if (node.clientWidth > 0 && node.scrollWidth > node.clientWidth + 1) out.push(`${node.className || node.tagName}: ${node.innerText}`);
    return out;
  });
  assert.deepEqual(wide, [], what);
}

async function picture(page: Page, name: string, full = false): Promise<void> {
  await assertWhole(page, name);
  await shot(page, name, full);
}

const kPages: [name: string, path: string, until: string][] = [
  ['portal', '/', '.tile'],
  ['links-list', '/me/links', '.table'],
  ['sessions', '/me/sessions', '.table'],
  ['me', '/me', '.settings'],
];

for (const [look, width] of [['light', 1440], ['dark', 1440], ['large', 1440], ['english', 1440], ['phone', 390], ['narrow', 320]] as const) {
  test(`login, portal, links and sessions are whole: ${look}, ${width} px`, async () => {
    const visit = await chromium.visit({ viewport: { width, height: width < 700 ? 844 : 900 } });
    const { page } = visit;
    const query = { dark: 'theme=dark', large: 'size=large', english: 'lang=en' }[look as string] ?? 'theme=light';
    await page.goto(`${demo.origin}/ui?${query}&to=/login`);
    await page.locator('form[action="/login"]').waitFor();
    await picture(page, `login-${look}`);
    await signIn(page, 'wangmin');
    await wear(page, look);
    for (const [name, path, until] of kPages) {
      await page.goto(`${demo.origin}${path}`);
      await page.locator(until).first().waitFor();
      await picture(page, `${name}-${look}`, width < 700);
    }
    await home(page);
    await page.getByRole('combobox').fill('zh');
    await page.locator('.found li').first().waitFor();
    await picture(page, `search-${look}`);
    if (width >= 700) {
      await page.getByRole('combobox').fill('');
      await page.locator('.person > button').click();
      await picture(page, `menu-${look}`);
      await signOut(page);
      await picture(page, `logout-${look}`);
    }
    await visit.close();
  });
}
