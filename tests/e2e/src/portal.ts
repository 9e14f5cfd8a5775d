// What a person does on the hub's own pages.
import type { Page } from 'playwright-core';
import { demo } from './demo.ts';

export async function atLogin(page: Page): Promise<void> {
  await page.waitForURL((url) => url.origin === demo.origin && url.pathname === '/login');
}

export async function fillLogin(page: Page, username: string, password = demo.who(username).password): Promise<void> {
  await page.locator('input[name=username]').fill(username);
  await page.locator('input[name=password]').fill(password);
}

/** Signs in on the login page that is shown, or on a fresh one, and waits for the portal. */
export async function signIn(page: Page, username: string): Promise<void> {
  await page.goto(`${demo.origin}/`);
  await atLogin(page);
  await fillLogin(page, username);
  await page.locator('form[action="/login"] button[type=submit]').click();
  await page.waitForURL(`${demo.origin}/`);
  await page.locator('.tile, .empty').first().waitFor();
}

export async function home(page: Page): Promise<void> {
  await page.goto(`${demo.origin}/`);
  await page.locator('.tile').first().waitFor();
}

/** Clicks the tile of a system; waits for the system's own page. */
export async function openTile(page: Page, id: string): Promise<void> {
  await page.locator(`.tile a[href$="/go/${id}"]`).first().click();
  await onSystem(page, id);
}

export async function onSystem(page: Page, id: string): Promise<void> {
  const origin = demo.system(id).url;
  await page.waitForURL((url) => url.origin === origin && !url.pathname.startsWith('/.yimen/'), { waitUntil: 'load' });
}

/** Types into the search field until the system stands first; returns the text of the first hit. */
export async function search(page: Page, typed: string): Promise<string> {
  const box = page.getByRole('combobox');
  await box.fill(typed);
  const first = page.locator('.found li.on strong');
  await first.waitFor();
  return (await first.textContent()) ?? '';
}

export async function signOut(page: Page): Promise<void> {
  await home(page);
  await page.locator('.person > button').click();
  await page.locator('#person-menu form[action="/logout"] button').click();
  await page.locator('.results, h1').first().waitFor();
  await page.waitForURL('**/logout');
}
