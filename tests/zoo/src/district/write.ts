// Writes the demo district: CSV files for the hub's import, the zoo's accounts, and a list for people and scripts.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account, AccountsFile } from '../core/types.ts';
import { makeOrganisations } from './organisations.ts';
import type { Org } from './organisations.ts';
import { kAllSystems, kPeople } from './people.ts';
import type { Person } from './people.ts';
import { Seeded, password } from './random.ts';

const kValidFrom = '2024-01-01';
/** Files with passwords are for the owner only. */
const kSecretMode = 0o600;

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function csv(head: string[], rows: string[][]): string {
  return [head, ...rows].map((r) => r.map(cell).join(',') + '\n').join('');
}

function phone(i: number, seeded: Seeded): string {
  return `1990000${String(i * 97 + seeded.below(90)).padStart(4, '0')}`;
}

/** The name inside the legacy system is never the hub's. */
function legacyName(system: string, person: Person, org: Org, phoneNumber: string): string {
  switch (system) {
    case 'qu-tourism':
      return `wl_${person.username}`;
    case 'dl-8890':
      return `zs_${person.username}`;
    case 'nat-salvation':
      return `210299${person.username}`;
    case 'ln-edu':
      return `edu-${person.username}`;
    case 'ln-forestfire':
      return person.name;
    case 'ln-emergency':
      return `emg.${person.username}`;
    case 'dl-video':
      return `v_${person.username}`;
    case 'qu-integrity':
      return `lz_${person.username}`;
    case 'qu-grid':
      return phoneNumber;
    case 'qu-oa':
      return `CN=${person.name}/OU=${org.short}/O=zsq`;
    default:
      throw new Error(`no naming rule for ${system}`);
  }
}

function account(system: string, person: Person, org: Org, phoneNumber: string): Account {
  const base = {
    username: legacyName(system, person, org, phoneNumber),
    password: password(),
    name: person.name,
    org: org.name,
  };
  return system === 'dl-8890' ? { ...base, dept: org.name } : base;
}

/** Long form: one row per field that the hub must hold for this person and system. */
function linkRows(system: string, person: Person, a: Account): string[][] {
  const row = (field: string, value: string): string[] => [person.username, system, field, value];
  const stored = person.wrong?.includes(system) ? password() : a.password;
  switch (system) {
    case 'dl-video':
      return [row('username', a.username)];
    case 'qu-integrity':
      return [row('username', a.username), row('org', a.org)];
    case 'qu-oa':
      return [row('user_dn', a.username)];
    case 'dl-8890':
      return [row('username', a.username), row('password', stored), row('dept', a.dept ?? '')];
    default:
      return [row('username', a.username), row('password', stored)];
  }
}

function systemSecrets(system: string): Record<string, string> {
  switch (system) {
    case 'dl-video':
      return { ak: randomBytes(8).toString('hex'), sk: randomBytes(24).toString('base64url') };
    case 'qu-integrity':
      return { header_key: randomBytes(32).toString('hex') };
    case 'qu-oa':
      return { ltpa_secret: randomBytes(20).toString('base64') };
    default:
      return {};
  }
}

interface Draft {
  people: string[][];
  posts: string[][];
  links: string[][];
  zoo: AccountsFile;
  list: Record<string, unknown>[];
}

function addPerson(draft: Draft, person: Person, orgs: Map<string, Org>, number: string): void {
  const orgOf = (name: string): Org => {
    const found = orgs.get(name);
    if (!found) throw new Error(`${person.username}: no organisation ${name}`);
    return found;
  };
  const own = password();
  const main = orgOf(person.posts[0]?.org ?? '');
  draft.people.push([person.username, person.name, number, own]);
  for (const p of person.posts)
    draft.posts.push([person.username, orgOf(p.org).code, p.title, p.roles, kValidFrom, '']);
  for (const system of person.systems) {
    const a = account(system, person, main, number);
    draft.zoo.systems[system]?.accounts.push(a);
    if (!person.unlinked?.includes(system)) draft.links.push(...linkRows(system, person, a));
  }
  draft.list.push({
    username: person.username,
    password: own,
    name: person.name,
    roles: [...new Set(person.posts.flatMap((p) => p.roles.split(';')))],
    systems: person.systems,
    unlinked: person.unlinked ?? [],
    wrong_password: person.wrong ?? [],
  });
}

export function writeDistrict(dir: string, seed: number): void {
  const seeded = new Seeded(seed);
  const organisations = makeOrganisations(seeded);
  const orgs = new Map(organisations.map((o) => [o.name, o]));
  const draft: Draft = {
    people: [],
    posts: [],
    links: [],
    list: [],
    zoo: { district: organisations[0]?.name ?? '', systems: {} },
  };
  for (const system of kAllSystems) {
    const secrets = systemSecrets(system);
    draft.zoo.systems[system] = { secrets, accounts: [] };
    for (const [field, value] of Object.entries(secrets)) draft.links.push(['', system, field, value]);
  }
  kPeople.forEach((person, i) => addPerson(draft, person, orgs, phone(i, seeded)));
  const orgRows = organisations.map((o) => [o.code, o.parent, o.kind, o.name, o.name_en, kValidFrom, '']);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const put = (name: string, text: string): void => writeFileSync(join(dir, name), text, { mode: kSecretMode });
  put('organisations.csv', csv(['code', 'parent', 'kind', 'name', 'name_en', 'valid_from', 'valid_to'], orgRows));
  put('people.csv', csv(['username', 'name', 'phone', 'password'], draft.people));
  put('posts.csv', csv(['username', 'org', 'title', 'roles', 'valid_from', 'valid_to'], draft.posts));
  put('links.csv', csv(['username', 'system', 'field', 'value'], draft.links));
  put('zoo-accounts.json', JSON.stringify(draft.zoo, null, 1) + '\n');
  put('accounts.json', JSON.stringify(draft.list, null, 1) + '\n');
}
