// Every page in every state: how the world has to be, and what to do to get there.
import type { Page } from 'playwright-core';
import { kFactor, problem, world, type World } from '../mock/data.ts';
import { pageStates, type Look } from '../mock/pages.ts';
import type { Mock } from '../mock/server.ts';

export interface State {
  path: string;
  /** how many systems the person has */
  count?: number;
  change?: (w: World) => void;
  act?: (page: Page, mock: Mock) => Promise<void>;
  /** what must be visible before the state counts as reached */
  until: string;
}

const down = (key: string) => (w: World) => void (w.problems[key] = problem(503, 'busy'));

const search = (text: string) => async (page: Page) => page.getByRole('combobox').fill(text);

async function loseSession(page: Page, mock: Mock): Promise<void> {
  await page.locator('.star').first().waitFor();
  mock.world.signedIn = false;
  await page.locator('.star').first().click();
}
async function openLink(page: Page): Promise<void> {
  await page.getByRole('button', { name: /重新绑定|Link again/ }).first().click();
}
async function failLink(page: Page): Promise<void> {
  await openLink(page);
  const box = page.getByRole('dialog');
  await box.locator('input[name=username]').fill('wangmin');
  await box.locator('input[name=password]').fill('wrong');
  await box.locator('button[type=submit]').click();
}

const withFactor = (w: World): void => void (w.factor = structuredClone(kFactor));
async function openSetup(page: Page): Promise<void> {
  await page.locator('.factor .btn.primary').click();
}
async function showKey(page: Page): Promise<void> {
  await openSetup(page);
  await page.locator('dialog input[name=password]').fill('right');
  await page.locator('dialog button[type=submit]').click();
}
async function typeFirst(page: Page, code: string): Promise<void> {
  await showKey(page);
  await page.locator('dialog input[name=code]').fill(code);
  await page.locator('dialog button[type=submit]').click();
}
async function openRemove(page: Page): Promise<void> {
  await page.locator('.factor .row .btn').last().click();
}
/** Ending the other sessions is what a rule asks a code for in this world. */
async function needCode(page: Page, mock: Mock): Promise<void> {
  await page.locator('.table').waitFor();
  mock.world.problems['delete /api/v1/me/sessions'] = problem(403, 'insufficient_user_authentication');
  await page.locator('.head button').click();
  await page.locator('dialog .btn.danger').click();
}
async function needCodeInVain(page: Page, mock: Mock): Promise<void> {
  await needCode(page, mock);
  await page.locator('dialog input[name=code]').fill('123456');
  await page.locator('dialog button[type=submit]').click();
}

const withoutRole = (w: World): void => void (w.me.roles = ['clerk']);
const asAuditor = (w: World): void => void (w.me.roles = ['auditor']);
const noItems = (w: World): void => void (w.data.items = []);

const pages: Record<string, State> = {
  'items/ready': { path: '/data/items', until: '.table' },
  'items/some': { path: '/data/items?standing=failed', until: '.table' },
  'items/nothing': { path: '/data/items?q=zzzz', until: '.empty' },
  'items/empty': { path: '/data/items', change: noItems, until: '.empty' },
  'items/error': { path: '/data/items', change: down('get /api/v1/data/items'), until: '.problem' },
  'items/denied': { path: '/data/items', change: withoutRole, until: '.empty' },
  'item/ready': { path: '/data/items/ZS-DJ-001', until: '.table' },
  'item/plain': { path: '/data/items/ZS-DJ-009', until: '.empty' },
  'jobs/ready': { path: '/data/jobs', until: '.table progress' },
  'jobs/some': { path: '/data/jobs?show=trouble', until: '.table' },
  'jobs/empty': { path: '/data/jobs', change: (w) => void (w.data.jobs = []), until: '.empty' },
  'jobs/error': { path: '/data/jobs', change: down('get /api/v1/sync/jobs'), until: '.problem' },
  'runs/ready': { path: '/data/items/ZS-DJ-001/runs', until: '.table' },
  'runs/empty': { path: '/data/items/ZS-DJ-009/runs', until: '.empty' },
  'run/ready': { path: '/data/items/ZS-DJ-001/runs/4001', until: '.parts' },
  'run/failed': { path: '/data/items/ZS-DJ-002/runs/5001', until: '.note.bad' },
  'run/down': { path: '/data/items/ZS-DJ-003/runs/6000', until: '.note.bad' },
  'run/held': { path: '/data/items/ZS-DJ-003/runs/6001', until: '.held .table' },
  'run/held-error': { path: '/data/items/ZS-DJ-003/runs/6001', change: down('get /api/v1/sync/runs/{run}/removal'), until: '.held .problem' },
  'run/dialog': { path: '/data/items/ZS-DJ-003/runs/6001', until: 'dialog[open]', act: askRemoval },
  'run/confirmed': { path: '/data/items/ZS-DJ-003/runs/6001', until: '.held .note', act: confirmRemoval },
  'item/running': { path: '/data/items/ZS-KJ-017', until: '.refill progress' },
  'item/dialog': { path: '/data/items/ZS-DJ-001', until: 'dialog form', act: openRange },
  'item/plan': { path: '/data/items/ZS-DJ-001', until: 'dialog .note', act: async (page) => lookAtRange(page, '2026-10-01') },
  'item/one-end': { path: '/data/items/ZS-DJ-001', until: 'dialog .field-error', act: async (page) => lookAtRange(page, '') },
  'item/failed': { path: '/data/items/ZS-DJ-001', until: 'dialog .note.bad', act: async (page) => lookAtRange(page, 'WRONG') },
  'item/waiting': { path: '/data/items/ZS-DJ-001', until: '.refill [role=status]', act: beginRange },
  'item/held': { path: '/data/items/ZS-DJ-003', until: '.note.bad' },
  'run/empty': { path: '/data/items/ZS-DJ-001/runs/99', until: '.empty' },
  'letters/ready': { path: '/data/letters', until: '.table' },
  'letters/nothing': { path: '/data/letters?item=ZS-DJ-004', until: '.empty' },
  'letters/empty': { path: '/data/letters', change: (w) => void (w.data.groups = []), until: '.empty' },
  'letters/error': { path: '/data/letters', change: down('get /api/v1/sync/dead-letters'), until: '.problem' },
  'mapping/ready': { path: '/data/items/ZS-SQ-013/mapping', until: '.picker' },
  'mapping/failed': { path: '/data/items/ZS-SQ-013/mapping', until: '.faults', act: async (page) => page.locator('textarea').fill('WRONG: 1') },
  'mapping/error': { path: '/data/items/ZS-DJ-009/mapping', until: '.problem' },
  'offers/ready': { path: '/data/offers', until: '.table' },
  'offers/some': { path: '/data/offers?share=conditional&q=工单', until: '.table' },
  'offers/nothing': { path: '/data/offers?q=zzzz', until: '.empty' },
  'offers/empty': { path: '/data/offers', change: (w) => void (w.sharing.offers = []), until: '.empty' },
  'offers/error': { path: '/data/offers', change: down('get /api/v1/share-offers'), until: '.problem' },
  'request/ready': { path: '/data/offers/ZS-SQ-001', until: '.picker-of .table' },
  'request/all': { path: '/data/offers/ZS-SQ-001', until: '.how .tag.bad', act: askForAll },
  'request/failed': { path: '/data/offers/ZS-SQ-001', until: '.field-error', act: async (page) => page.locator('.ask button[type=submit]').click() },
  'request/refused': { path: '/data/offers/ZS-JJ-005', until: '.note.bad', act: async (page) => askFor(page, 'WRONG') },
  'request/revise': { path: '/data/offers/ZS-SQ-001?share=45', until: '.picker-of .table' },
  'request/error': { path: '/data/offers/nowhere', until: '.problem' },
  'request/denied': { path: '/data/offers/ZS-SQ-001', change: (w) => w.sharing.offers.forEach((one) => (one.units = [])), until: '.empty' },
  'shares/ready': { path: '/data/shares', until: '.table' },
  'shares/some': { path: '/data/shares?show=desk', until: '.table' },
  'shares/nothing': { path: '/data/shares?show=mine', change: (w) => void (w.sharing.shares = w.sharing.shares.filter((s) => !s.mine)), until: '.empty' },
  'shares/empty': { path: '/data/shares', change: (w) => void (w.sharing.shares = []), until: '.empty' },
  'shares/error': { path: '/data/shares', change: down('get /api/v1/shares'), until: '.problem' },
  'shares/denied': { path: '/data/shares', change: (w) => void (w.me.roles = ['grid_worker']), until: '.empty' },
  'share/ready': { path: '/data/shares/41', until: '.table' },
  'share/plain': { path: '/data/shares/42', until: '.table' },
  'share/role-consumer': { path: '/data/shares/43', until: '.table' },
  'share/returned': { path: '/data/shares/45', until: '.table' },
  'share/down': { path: '/data/shares/48', until: '.table' },
  'share/dialog': { path: '/data/shares/41', until: 'dialog[open]', act: async (page) => page.locator('.head .btn.primary').click() },
  'share/failed': { path: '/data/shares/41', until: 'dialog .field-error', act: refuseWithout },
  'share/token': { path: '/data/shares/43', until: '.secret', act: issueToken },
  'share/rows': { path: '/data/shares/43', until: '.rows-of .table', act: async (page) => page.locator('.read button').click() },
  'share/rows-failed': { path: '/data/shares/43', until: '.work .note.bad', act: readTooMuch },
  'share/error': { path: '/data/shares/999', until: '.problem' },
  'alerts/ready': { path: '/data/alerts', until: '.table' },
  'alerts/some': { path: '/data/alerts?show=every&check=dead-on-aid', until: '.table' },
  'alerts/role-auditor': { path: '/data/alerts', change: (w) => void (w.me.roles = ['auditor']), until: '.table' },
  'alerts/nothing': { path: '/data/alerts?show=taken&check=projects-late', until: '.empty' },
  'alerts/empty': { path: '/data/alerts', change: (w) => void (w.alerting = { checks: [], alerts: [] }), until: '.empty' },
  'alerts/error': { path: '/data/alerts', change: down('get /api/v1/alerts'), until: '.problem' },
  'alerts/denied': { path: '/data/alerts', change: withoutRole, until: '.empty' },
  'alert/ready': { path: '/data/alerts/71', until: '.work .table' },
  'alert/some': { path: '/data/alerts/72', until: '.work .table' },
  'alert/down': { path: '/data/alerts/76', until: '.work .table' },
  'alert/role-auditor': { path: '/data/alerts/71', change: (w) => void (w.me.roles = ['auditor']), until: '.work .table' },
  'alert/failed': { path: '/data/alerts/74', until: '.field-error', act: async (page) => takeAlert(page, 'WRONG') },
  'alert/error': { path: '/data/alerts/999', until: '.problem' },
  'audit/ready': { path: '/data/audit', change: asAuditor, until: '.table' },
  'audit/some': { path: '/data/audit?area=sync&object=ZS-DJ-003', change: asAuditor, until: '.table' },
  'audit/nothing': { path: '/data/audit?actor=nobody', change: asAuditor, until: '.empty' },
  'audit/cut': { path: '/data/audit?object=CUT', change: asAuditor, until: '.more' },
  'audit/wrong-day': { path: '/data/audit', change: asAuditor, until: '.field-error', act: async (page) => page.locator('input[name=from]').fill('gestern') },
  'audit/error': { path: '/data/audit', change: (w) => (asAuditor(w), down('get /api/v1/admin/audit')(w)), until: '.problem' },
  'audit/denied': { path: '/data/audit', change: withoutRole, until: '.empty' },
  'lineage/ready': { path: '/data/items/ZS-DJ-001/lineage', until: '.graph path' },
  'lineage/some': { path: '/data/items/ZS-DJ-001/lineage?field=parent', until: '.graph path' },
  'lineage/many': { path: '/data/items/ZS-DJ-002/lineage', until: '.graph path' },
  'lineage/role-admin': { path: '/data/items/ZS-DJ-001/lineage', change: (w) => void (w.me.roles = ['system_admin']), until: '.graph path' },
  'lineage/empty': { path: '/data/items/ZS-DJ-009/lineage', until: '.empty' },
  'lineage/error': { path: '/data/items/nowhere/lineage', until: '.problem' },
  'cause/ready': { path: '/data/letters/cause?item=ZS-DJ-001&rule=id_card&field=id_no', until: '.letter' },
  'cause/role-plain': { path: '/data/letters/cause?item=ZS-SQ-013&rule=code&field=class', until: '.letter' },
  'cause/dialog': { path: '/data/letters/cause?item=ZS-DJ-001&rule=id_card&field=id_no', until: 'dialog[open]', act: async (page) => page.locator('.letter header .btn').first().click() },
  'cause/some': { path: '/data/letters/cause?item=ZS-DJ-001&rule=id_card&field=id_no', until: '.letter .new', act: editFirst },
  'cause/failed': { path: '/data/letters/cause?item=ZS-DJ-001&rule=id_card&field=id_no', until: '.note.bad', act: async (page) => page.locator('.tools .btn.primary').click() },
  'cause/tried': { path: '/data/letters/cause?item=ZS-DJ-001&rule=id_card&field=id_no', until: '.note.good', act: tryFirst },
  'cause/done': { path: '/data/letters/cause?item=ZS-DJ-001&rule=id_card&field=id_no', until: '.note.good a', act: replayFirst },
  'cause/discard': { path: '/data/letters/cause?item=ZS-DJ-001&rule=id_card&field=id_no', until: 'dialog[open]', act: discardFirst },
  'cause/empty': { path: '/data/letters/cause?item=ZS-DJ-001&rule=range&field=age', until: '.empty' },
  'cause/error': { path: '/data/letters/cause?item=ZS-DJ-001&rule=id_card&field=id_no', change: down('get /api/v1/data/items/{item}/dead-letters'), until: '.problem' },
  'item/error': { path: '/data/items/nowhere', until: '.problem' },
  'home/ready': { path: '/', until: '.tile' },
  'home/menu': { path: '/', until: '#person-menu, .bottom', act: async (page) => openMenu(page) },
  'home/loading': { path: '/', until: 'main [role=status]', act: async (page, mock) => reloadSlowly(page, mock) },
  'home/empty': { path: '/', count: 0, until: '.empty' },
  'home/error': { path: '/', change: down('get /api/v1/systems'), until: '.problem' },
  'home/many': { path: '/', count: 230, until: '.tile' },
  'home/search': { path: '/', until: '.found li', act: search('zh') },
  'home/nothing': { path: '/', until: '.found .empty', act: search('户籍') },
  'home/ended': { path: '/', until: 'dialog[open]', act: loseSession },
  'home/offline': { path: '/', until: '.offline', act: async (page) => goOffline(page) },
  'shell/error': { path: '/', change: down('get /api/v1/me'), until: '.problem' },
  'shell/notfound': { path: '/nowhere', until: '.empty' },
  'me/ready': { path: '/me', until: '.settings' },
  'links/ready': { path: '/me/links', until: '.table' },
  'links/why': { path: '/me/links?system=qu-tourism', until: 'dialog[open]' },
  'links/todo': { path: '/me/links?show=todo', until: '.table' },
  'links/done': { path: '/me/links?show=todo', until: '.empty', change: (w) => void (w.links = w.links.filter((l) => l.state === 'linked')) },
  'links/empty': { path: '/me/links', count: 0, until: '.empty' },
  'links/error': { path: '/me/links', change: down('get /api/v1/me/links'), until: '.problem' },
  'links/dialog': { path: '/me/links', until: 'dialog[open]', act: openLink },
  'links/failed': { path: '/me/links', until: 'dialog .note.bad', act: failLink },
  'links/unlink': { path: '/me/links', until: 'dialog[open]', act: async (page) => page.getByRole('button', { name: /^(解除绑定|Unlink)/ }).first().click() },
  'sessions/ready': { path: '/me/sessions', until: '.table' },
  'sessions/error': { path: '/me/sessions', change: down('get /api/v1/me/sessions'), until: '.problem' },
  'sessions/confirm': { path: '/me/sessions', until: 'dialog[open]', act: async (page) => page.locator('.head button').click() },
  'security/ready': { path: '/me/security', until: 'form.panel' },
  'security/errors': { path: '/me/security', until: '.field-error', act: async (page) => page.locator('form.panel button[type=submit]').click() },
  'security/on': { path: '/me/security', until: '.factor .pairs', change: withFactor },
  'security/back': { path: '/me/security?next=%2Fstep-up%3Fto%3D%252F', until: '.factor .note' },
  'security/error': { path: '/me/security', until: '.factor .problem', change: down('get /api/v1/me/second-factor') },
  'security/password': { path: '/me/security', until: 'dialog[open]', act: openSetup },
  'security/key': { path: '/me/security', until: 'dialog .qr', act: showKey },
  'security/wrong': { path: '/me/security', until: 'dialog .field-error', act: async (page) => typeFirst(page, '000000') },
  'security/codes': { path: '/me/security', until: 'dialog .codes', act: async (page) => typeFirst(page, '123456') },
  'security/remove': { path: '/me/security', until: 'dialog[open]', change: withFactor, act: openRemove },
  'stepup-here/code': { path: '/me/sessions', until: 'dialog input[name=code]', change: withFactor, act: needCode },
  'stepup-here/none': { path: '/me/sessions', until: 'dialog a.btn', act: needCodeInVain },
  'access/denied': { path: '/me/access/qu-nothing', until: '.why .table' },
  'access/allowed': { path: '/me/access/qu-oa', until: '.why' },
};

for (const [page, all] of Object.entries(pageStates)) {
  for (const state of Object.keys(all)) pages[`${page}/${state}`] = { path: `/pages/${page}/${state}`, until: 'main' };
}
export const states: Readonly<Record<string, State>> = pages;

async function askForAll(page: Page): Promise<void> {
  await page.locator('.picker-of .over button').first().click();
  await page.locator('.how select').nth(1).selectOption('plain');
}
async function askFor(page: Page, purpose: string): Promise<void> {
  await page.locator('textarea[name=purpose]').fill(purpose);
  await page.locator('.ask button[type=submit]').click();
}
async function refuseWithout(page: Page): Promise<void> {
  await page.locator('.head .btn.danger').first().click();
  await page.locator('dialog button[type=submit]').click();
}
async function issueToken(page: Page): Promise<void> {
  await page.locator('section[aria-labelledby=tokens] .over button').click();
  await page.locator('dialog input[name=name]').fill('参保核对');
  await page.locator('dialog button[type=submit]').click();
}
async function readTooMuch(page: Page): Promise<void> {
  await page.locator('input[name=as_of]').fill('2020-01-01');
  await page.locator('.read button').click();
}

async function takeAlert(page: Page, note: string): Promise<void> {
  await page.locator('textarea[name=note]').fill(note);
  await page.locator('.take button').click();
}

async function editFirst(page: Page): Promise<void> {
  await page.locator('.letter header .btn').first().click();
  await page.locator('dialog input[name=id_no]').fill('210211198001011234');
  await page.locator('dialog button[type=submit]').click();
}
async function tryFirst(page: Page): Promise<void> {
  await editFirst(page);
  await page.locator('.tools .btn.primary').click();
}
async function replayFirst(page: Page): Promise<void> {
  await tryFirst(page);
  await page.locator('.note.good .btn.primary').click();
}
async function discardFirst(page: Page): Promise<void> {
  await page.locator('.letter .choice input').first().click();
  await page.locator('.tools .btn.danger').click();
}

async function openRange(page: Page): Promise<void> {
  await page.locator('.refill button').click();
}
async function lookAtRange(page: Page, from: string): Promise<void> {
  await openRange(page);
  await page.locator('dialog input[name=from]').fill(from);
  await page.locator('dialog button[type=submit]').click();
}
async function beginRange(page: Page): Promise<void> {
  await lookAtRange(page, '2026-10-01');
  await page.locator('dialog .note').waitFor();
  await page.locator('dialog button[type=submit]').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}
async function askRemoval(page: Page): Promise<void> {
  await page.locator('.held .acts button').click();
}
async function confirmRemoval(page: Page): Promise<void> {
  await askRemoval(page);
  await page.locator('dialog .btn.danger').click();
}

async function openMenu(page: Page): Promise<void> {
  const button = page.locator('.person > button');
  if (await button.isVisible()) await button.click();
}
async function reloadSlowly(page: Page, mock: Mock): Promise<void> {
  await page.locator('.tile').first().waitFor();
  await page.route('**/api/v1/systems', () => undefined);
  mock.calls.length = 0;
  await page.reload();
  await page.locator('.skeleton').waitFor();
}
async function goOffline(page: Page): Promise<void> {
  await page.locator('.tile').first().waitFor();
  await page.context().setOffline(true);
}

export async function openState(page: Page, mock: Mock, name: string, look: Look): Promise<void> {
  const state = states[name];
  if (!state) throw new Error(`no state ${name}`);
  mock.world = world(state.count);
  mock.world.me.preferences = { theme: look.theme, size: look.size, locale: look.lang };
  state.change?.(mock.world);
  const query = state.path.startsWith('/pages/') ? `?lang=${look.lang}&theme=${look.theme}&size=${look.size}` : '';
  await page.goto(mock.origin + state.path + query, { waitUntil: 'domcontentloaded' });
  await state.act?.(page, mock);
  await page.locator(state.until).first().waitFor({ state: 'attached' });
}

