// Exporting video asks for a one-time code: the right one goes on to the export, a wrong or a used one does not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Chromium, shot } from '../src/browser.ts';
import type { Visit } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { openTile, signIn } from '../src/portal.ts';
import { says } from '../src/systems.ts';
import { code } from '../src/totp.ts';

const kWho = demo.file.second_factor.username;
const kExport = `${demo.system('dl-video').url}/vms/export`;
let chromium: Chromium;
let visit: Visit;
let used = '';

before(async () => {
  chromium = await Chromium.launch('step-up');
  visit = await chromium.visit();
});
after(async () => {
  await visit?.close();
  await chromium?.close();
});

async function atStepUp(page: Page): Promise<void> {
  await page.waitForURL((url) => url.origin === demo.origin && url.pathname === '/step-up');
}
async function type(page: Page, text: string): Promise<void> {
  await page.locator('input[name=code]').fill(text);
  await page.keyboard.press('Enter');
}

test('an export leads to the code, a wrong one stays there, the right one goes on to the export', async () => {
  const { page } = visit;
  await signIn(page, kWho);
  await openTile(page, 'dl-video');
  await page.getByRole('link', { name: '导出' }).first().click();
  await atStepUp(page);
  await says(page, 'h1', '请输入验证码');
  await says(page, '.dest', /\S/);
  await shot(page, 'step-up');
  await type(page, '000000');
  await says(page, '.note.bad', '验证码不对');
  assert.equal(await page.locator('input[name=code]').inputValue(), '', 'what was typed is not shown again');
  used = code(1);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().startsWith(kExport) && response.status() !== 303),
    type(page, used),
  ]);
  assert.equal(answer.status(), 200);
});

test('the same code opens nothing in another browser, and nothing of it stands in an address', async () => {
  const other = await chromium.visit();
  const { page } = other;
  await signIn(page, kWho);
  await openTile(page, 'dl-video');
  await page.goto(kExport);
  await atStepUp(page);
  await type(page, used);
  await says(page, '.note', /已经用过/);
  await page.goto(kExport);
  await atStepUp(page);
  for (const url of [...visit.urls, ...other.urls]) assert.ok(!url.includes(used) && !url.includes(demo.file.second_factor.secret), url);
  await other.close();
});
