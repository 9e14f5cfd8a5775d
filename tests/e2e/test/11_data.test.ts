// A data steward's morning: the catalogue, a job run by hand and watched, what became of every record.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Chromium, shot } from '../src/browser.ts';
import type { Visit } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { signIn, signOut } from '../src/portal.ts';
import { says } from '../src/systems.ts';
import { until } from '../src/wait.ts';

const kItem = 'ZS-JJ-005'; // of nat-invest: 500 records a read
let chromium: Chromium;
let visit: Visit;

before(async () => {
  chromium = await Chromium.launch('data');
  visit = await chromium.visit();
});
after(async () => {
  await visit?.close();
  await chromium?.close();
});

test('the catalogue has every item of the district, and narrows to what is asked for', async () => {
  const { page } = visit;
  await signIn(page, 'sunshu');
  await page.getByRole('link', { name: '数据', exact: true }).first().click();
  await says(page, 'h1', '数据目录');
  await says(page, '.found', '找到 260 项');
  await page.getByRole('textbox', { name: '搜索' }).fill(kItem);
  await says(page, '.found', '找到 1 项');
  assert.match(page.url(), new RegExp(`q=${kItem}`));
  await shot(page, 'data-catalogue');
  await page.locator('.table tbody a').first().click();
  await page.waitForURL(`**/data/items/${kItem}`); // the list that is left has a table too
  const fields = page.locator('.work .table tbody tr');
  await until('its fields are listed', async () => (await fields.count()) >= 3);
  await shot(page, 'data-item');
});

test('a run by hand is seen to its end, and its counters add up', async () => {
  const { page } = visit;
  const runs = page.locator('.table tbody tr');
  await page.goto(`${demo.origin}/data/items/${kItem}/runs`);
  await page.locator('.table, .empty').first().waitFor();
  const before = await runs.count();
  await page.goto(`${demo.origin}/data/items/${kItem}`);
  await page.getByRole('button', { name: /^全量运行/ }).click();
  await says(page, '.toasts', /已开始/);
  await until('the new run has ended', async () => {
    await page.goto(`${demo.origin}/data/items/${kItem}/runs`);
    await page.locator('.table').waitFor();
    return (await runs.count()) > before && (await runs.first().locator('.tag').textContent()) === '完成';
  }, 60_000);
  await runs.first().locator('a').click();
  await says(page, '.balance', /读到\s*\d+\s*计数一致/);
  await shot(page, 'data-run');
});

test('the jobs of the district are on one page, and a paused one says so', async () => {
  const { page } = visit;
  await page.goto(`${demo.origin}/data/jobs`);
  await page.locator('.table').waitFor();
  await page.getByRole('button', { name: /^暂停/ }).first().click();
  await page.getByRole('button', { name: /^恢复/ }).first().waitFor();
  await shot(page, 'data-jobs');
  await page.getByRole('button', { name: /^恢复/ }).first().click();
  await says(page, '.toasts', /已恢复/);
});

test('somebody without the role is told so, and the hub tells nothing', async () => {
  const { page } = visit;
  await signOut(page);
  await signIn(page, 'wangmin');
  await page.getByRole('link', { name: '数据', exact: true }).first().click();
  await page.waitForURL('**/data/shares');
  assert.equal(await page.locator('.side a').count(), 2, 'sharing alone is for everybody');
  await page.goto(`${demo.origin}/data/items`);
  await says(page, 'h1', '没有这一页的权限');
  const refused = await page.evaluate(async () => (await fetch('/api/v1/data/items')).status);
  assert.equal(refused, 403);
  await signOut(page);
});
