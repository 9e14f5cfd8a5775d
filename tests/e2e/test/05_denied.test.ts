// Who may not enter is told which rule, which condition, what would change it, and who can grant it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Chromium, shot } from '../src/browser.ts';
import type { Visit } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { atLogin, fillLogin, signOut } from '../src/portal.ts';
import { says } from '../src/systems.ts';
import { Mark } from '../src/zoo.ts';

let chromium: Chromium;
let visit: Visit;

before(async () => {
  chromium = await Chromium.launch('denied');
  visit = await chromium.visit();
});
after(async () => {
  await visit?.close();
  await chromium?.close();
});

test('a grid worker with the address of the office system sees why not, and the system sees nobody', async () => {
  const { page } = visit;
  const mark = await Mark.take(['qu-oa']);
  await page.goto(`${demo.system('qu-oa').url}/oa/main.nsf?Open`);
  await atLogin(page);
  await says(page, '.dest', '协同办公OA');
  await fillLogin(page, 'zhanshifu');
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().startsWith(`${demo.origin}/go/qu-oa`)),
    page.keyboard.press('Enter'),
  ]);
  assert.equal(answer.status(), 403);
  await says(page, 'h1', '暂时不能进入 协同办公OA');
  const row = page.locator('table.facts tbody tr').first();
  await row.waitFor();
  const cells = (await row.locator('th, td').allTextContents()).map((one) => one.trim());
  assert.equal(cells.length, 3);
  for (const cell of cells) assert.notEqual(cell, '', 'condition, what one has and what is needed are said');
  await says(page, '.note', /满足这一项即可进入./);
  await says(page, 'dl.pairs', /可以授权的人\s*\S+/);
  await says(page, 'dl.pairs code', /^[a-z-]+$/);
  await shot(page, 'denied');
  assert.deepEqual(await mark.since('qu-oa'), []);
});

test('the portal of a grid worker shows the systems of a grid worker only', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: '返回首页' }).click();
  await page.locator('.tile').first().waitFor();
  const shown = await page.locator('.tile a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  assert.deepEqual([...new Set(shown)].sort(), ['/go/ln-forestfire', '/go/qu-grid']);
  await signOut(page);
});
