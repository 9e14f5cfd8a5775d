// Other ways to sign in: two tabs at once, without script, by keyboard alone; and what a wrong password says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Chromium } from '../src/browser.ts';
import { demo } from '../src/demo.ts';
import { atLogin, fillLogin, onSystem, signOut } from '../src/portal.ts';
import { says, systemOf } from '../src/systems.ts';
import { Mark } from '../src/zoo.ts';

let chromium: Chromium;
before(async () => {
  chromium = await Chromium.launch('ways-in');
});
after(async () => {
  await chromium?.close();
});

test('two tabs that sign in end where each of them was going', async () => {
  const visit = await chromium.visit();
  const first = visit.page;
  const other = await visit.context.newPage();
  await first.goto(demo.system('qu-oa').url);
  await other.goto(`${demo.system('dl-8890').url}/ms8890/gd/dblist.jsp?page=2`);
  await atLogin(first);
  await atLogin(other);
  for (const page of [first, other]) {
    await fillLogin(page, 'zhouzhuren');
    await page.locator('form[action="/login"] button[type=submit]').click();
  }
  await onSystem(first, 'qu-oa');
  await onSystem(other, 'dl-8890');
  await systemOf('qu-oa').home(first, '周主任');
  assert.equal(other.url(), `${demo.system('dl-8890').url}/ms8890/gd/dblist.jsp?page=2`);
  await says(other, 'td a', 'DL2026112000000011');
  await signOut(first);
  await visit.close();
});

test('the login and the way into a system work without script', async () => {
  const visit = await chromium.visit({ javaScriptEnabled: false });
  const { page } = visit;
  const mark = await Mark.take(['qu-integrity']);
  await page.goto(`${demo.system('qu-integrity').url}/lz/clue/1003`);
  await atLogin(page);
  await fillLogin(page, 'zhaoshen');
  await page.locator('form[action="/login"] button[type=submit]').click();
  await onSystem(page, 'qu-integrity');
  await says(page, '#user', '赵审');
  await says(page, 'body', '线索 1003：');
  await mark.honest('qu-integrity', 'zhaoshen');
  await page.goto(`${demo.origin}/logout`);
  await page.locator('form[action="/logout"] button').click();
  await says(page, 'h1', '您已退出');
  await page.goto(demo.system('qu-integrity').url);
  await atLogin(page);
  await visit.close();
});

test('signing in, finding a system, opening it and signing out need no mouse', async () => {
  const visit = await chromium.visit();
  const { page } = visit;
  await page.goto(`${demo.origin}/`);
  await atLogin(page);
  await page.keyboard.type('gaofeng');
  await page.keyboard.press('Tab');
  await page.keyboard.type(demo.who('gaofeng').password);
  await page.keyboard.press('Enter');
  await page.locator('.tile').first().waitFor();
  await page.keyboard.type('syjzh');
  await page.locator('.found li.on', { hasText: '省应急指挥综合平台' }).waitFor();
  await page.keyboard.press('Enter');
  await onSystem(page, 'ln-emergency');
  await systemOf('ln-emergency').home(page, '高峰');
  await page.goto(`${demo.origin}/logout`);
  const button = page.locator('form[action="/logout"] button');
  for (let i = 0; i < 20 && !(await button.evaluate((node) => node === document.activeElement)); i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await says(page, 'h1', '您已退出');
  await visit.close();
});

test('a wrong password and an unknown name are answered alike, and the password is not echoed', async () => {
  const visit = await chromium.visit();
  const { page } = visit;
  const said: string[] = [];
  for (const name of ['zhengwen', 'nobody-of-that-name']) {
    await page.goto(`${demo.origin}/login`);
    await fillLogin(page, name, 'certainly-wrong-2');
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      page.locator('form[action="/login"] button[type=submit]').click(),
    ]);
    assert.equal(answer.status(), 401);
    await says(page, '#msg', '账号或口令不对');
    assert.doesNotMatch(await page.content(), /certainly-wrong-2/);
    said.push((await page.locator('main').innerText()).replace(name, ''));
  }
  assert.equal(said[0], said[1]);
  await visit.close();
});
