// Signing out ends everything: the list says so, the simulators' records agree, no address leads back in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Chromium } from '../src/browser.ts';
import type { Visit } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { atLogin, onSystem, signIn, signOut } from '../src/portal.ts';
import { kSystems, says, systemOf } from '../src/systems.ts';
import { until } from '../src/wait.ts';
import { liveSessions, Mark } from '../src/zoo.ts';

const kEndedMs = 10_000;
const kIds = kSystems.map((one) => one.id);
/** These hold no session at the source, so there is nothing to end there. */
const kStateless = ['ln-emergency', 'qu-integrity'];
let chromium: Chromium;
let visit: Visit;
let second: Page;
let pressed = 0;
const copied = new Map<string, string>();

before(async () => {
  chromium = await Chromium.launch('sign-out');
  visit = await chromium.visit();
  await signIn(visit.page, 'wangmin');
  for (const id of kIds) {
    await visit.page.goto(`${demo.origin}/go/${id}`);
    await onSystem(visit.page, id);
    copied.set(id, visit.page.url());
  }
  second = await visit.context.newPage();
  await second.goto(`${demo.origin}/go/ln-forestfire`);
  await onSystem(second, 'ln-forestfire');
  await systemOf('ln-forestfire').home(second, '王敏');
});
after(async () => {
  await visit?.close();
  await chromium?.close();
});

test('the page after signing out lists every system with its result', async () => {
  for (const id of kIds) {
    if (!kStateless.includes(id)) assert.ok((await liveSessions(id, '王敏')) > 0, `${id}: no session before`);
  }
  const { page } = visit;
  pressed = Date.now();
  await signOut(page);
  await says(page, 'h1', '您已退出');
  const rows = await page.locator('.results li').allTextContents();
  for (const id of kIds) {
    const row = rows.find((one) => one.startsWith(demo.system(id).name));
    assert.ok(row, `${id} is not in the list: ${rows.join(' | ')}`);
    assert.match(row, kStateless.includes(id) ? /无需退出|已结束/ : /已结束/, id);
  }
  await says(page, '.lead', '可以放心离开');
});

test('all sessions are ended in the records within ten seconds', async () => {
  for (const id of kIds.filter((one) => !kStateless.includes(one))) {
    const left = Math.max(0, kEndedMs - (Date.now() - pressed));
    await until(`${id}: session ended at the source`, async () => (await liveSessions(id, '王敏')) === 0, left);
  }
});

test('the back button shows nothing of the portal or of a system, it leads to the login', async () => {
  const { page } = visit;
  await page.goBack();
  await atLogin(page);
  assert.equal(await page.locator('.tile').count(), 0);
  await page.goBack();
  await atLogin(page);
  assert.doesNotMatch(await page.content(), /王敏/);
});

test('the other tab and every copied address lead to the login, and no simulator sees a request', async () => {
  const mark = await Mark.take(kIds);
  await second.reload();
  await atLogin(second);
  for (const [id, url] of copied) {
    await second.goto(url);
    await atLogin(second);
    await says(second, '.dest', demo.system(id).name);
  }
  for (const id of kIds) assert.deepEqual(await mark.since(id), [], `${id} got a request without a session`);
});

test('a system page that was left by the back button after signing out is not shown again', async () => {
  const { page } = visit;
  await signIn(page, 'maqiang');
  await page.goto(`${demo.origin}/go/ln-forestfire`);
  await onSystem(page, 'ln-forestfire');
  await systemOf('ln-forestfire').home(page, '马强');
  await page.locator('a', { hasText: '热点' }).click();
  await says(page, 'td', 'HOT');
  await signOut(page);
  await page.goBack();
  await page.goBack();
  await atLogin(page);
  assert.doesNotMatch(await page.content(), /HOT0/);
});
