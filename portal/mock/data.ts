// Worlds the portal can meet: every state of every page, as the server would tell it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { components } from '../src/api/schema';
import { alertWorld, type AlertWorld } from './alerts.ts';
import { dataWorld, type DataWorld } from './data_side.ts';
import { shareWorld, type ShareWorld } from './share_side.ts';

type S = components['schemas'];
type Seed = Pick<S['System'], 'id' | 'name' | 'name_en' | 'owner' | 'category' | 'level' | 'aliases' | 'pinyin' | 'mark'> & {
  aliases_pinyin: string[][];
};
interface Seeds {
  categories: S['Category'][];
  items: Seed[];
}

const seeds = JSON.parse(readFileSync(fileURLToPath(new URL('./systems.json', import.meta.url)), 'utf8')) as Seeds;
const kDay = '2026-11-21T';

export interface World {
  me: S['Me'];
  list: S['SystemList'];
  links: S['Link'][];
  sessions: S['Session'][];
  factor: S['SecondFactor'];
  data: DataWorld;
  sharing: ShareWorld;
  alerting: AlertWorld;
  /** path -> problem to answer with instead */
  problems: Record<string, S['Problem'] & { step?: string }>;
  /** milliseconds before an API answer; Infinity never answers */
  delay: number;
  signedIn: boolean;
}

const kOwn: S['LinkField'][] = [
  { name: 'username', label: '账号', label_en: 'Account', secret: false },
  { name: 'password', label: '口令', label_en: 'Password', secret: true },
];
const kStates: Record<string, Partial<S['System']>> = {
  'dl-8890': { link: 'broken', use_count: 88, last_used_at: `${kDay}01:42:00Z`, favourite: true },
  'qu-oa': { use_count: 240, last_used_at: `${kDay}02:10:00Z`, favourite: true },
  'dl-housing': { use_count: 120, last_used_at: `${kDay}02:30:00Z`, favourite: true },
  'qu-grid': { use_count: 66, last_used_at: `${kDay}00:20:00Z`, favourite: true },
  'qu-tourism': { link: 'unlinked' },
  'ln-edu': { link: 'unlinked' },
  'ln-emergency': { state: 'down', link: 'shared' },
  'ln-forestfire': { state: 'slow', link: 'shared' },
  'dl-video': { state: 'maintenance', link: 'not_needed' },
  'qu-integrity': { link: 'not_needed', last_used_at: '2026-11-20T08:00:00Z', use_count: 4 },
  'dl-12345': { last_used_at: '2026-11-20T07:00:00Z', use_count: 15 },
  'nat-salvation': { last_used_at: '2026-11-19T07:00:00Z', use_count: 9 },
  'dl-transport': { last_used_at: '2026-11-18T07:00:00Z', use_count: 3 },
};

const system = (seed: Seed): S['System'] => ({
  ...seed,
  state: 'ok',
  link: 'linked',
  favourite: false,
  use_count: 0,
  last_used_at: null,
  open_url: `/go/${seed.id}`,
  ...kStates[seed.id],
});

function link(item: S['System']): S['Link'] {
  const mode = item.link === 'shared' ? 'shared' : item.link === 'not_needed' ? 'none' : 'own';
  const isStored = item.link === 'linked' || item.link === 'broken';
  return {
    system: item.id,
    name: item.name,
    mode,
    account: mode === 'own' && isStored ? 'wa***in' : null,
    state: item.link === 'unlinked' || item.link === 'broken' ? item.link : 'linked',
    last_verified_at: isStored ? `${kDay}01:05:00Z` : null,
    fields: mode === 'own' ? kOwn : [],
  };
}

const kMe: S['Me'] = {
  username: 'wangmin',
  name: '王敏',
  posts: [
    { id: 'p1', org_name: '区住房和城乡建设局', title: '科员', current: true },
    { id: 'p2', org_name: '诉求汇办专班', title: '分拨员', current: true },
    { id: 'p3', org_name: '桃源街道办事处', title: '网格长', current: false },
  ],
  acting_post: 'p1',
  roles: ['clerk', 'data_steward', '住建专班'],
  csrf_token: 'mock-csrf-token-0001',
  preferences: { theme: 'light', size: 'normal', locale: 'zh-CN' },
  district_name: '中山区统一工作门户',
  admin: false,
  session: { expires_at: '2026-11-21T12:00:00Z', idle_seconds: 1800 },
};

const kSessions: S['Session'][] = [
  {
    id: 's1', current: true, created_at: `${kDay}00:58:00Z`, last_seen_at: `${kDay}03:01:00Z`, ip: '10.20.3.41',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; UOS) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36', place: '办公内网',
  },
  {
    id: 's2', current: false, created_at: '2026-11-20T23:10:00Z', last_seen_at: `${kDay}02:20:00Z`, ip: '10.20.8.7',
    user_agent: 'Mozilla/5.0 (Linux; Android 16; HarmonyOS) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile', place: '移动专网',
  },
  {
    id: 's3', current: false, created_at: '2026-11-19T02:00:00Z', last_seen_at: '2026-11-19T09:30:00Z', ip: '192.168.40.233',
    user_agent: 'unknown client', place: '',
  },
];

const kNoFactor: S['SecondFactor'] = {
  enrolled: false, name: '', created_at: null, last_used_at: null, recovery_codes_left: 0, raised_until: null,
};
export const kFactor: S['SecondFactor'] = {
  enrolled: true, name: '我的手机', created_at: '2026-11-02T01:10:00Z', last_used_at: `${kDay}02:00:00Z`,
  recovery_codes_left: 2, raised_until: null,
};
export const kRecovery = Array.from({ length: 10 }, (_, i) => `ABCD-EFGH-IJK${'ABCDEFGHIJ'[i]}-234${2 + (i % 6)}`);

export const problem = (status: number, code: S['Problem']['code'], more: Partial<S['Problem'] & { step: string }> = {}) => ({
  type: `urn:yimen:problem:${code}`,
  title: '服务暂时不可用',
  status,
  detail: '请稍后重试；持续不行请把追踪号告诉管理员。',
  code,
  trace_id: '01JD4F-7QX2-9A31',
  fields: [],
  ...more,
});

/** How many of the 45 systems this person may open; more than 45 repeats them under new ids. */
function list(count: number): S['SystemList'] {
  const isKnown = (seed: Seed): boolean => seed.id in kStates;
  const ordered = [...seeds.items.filter(isKnown), ...seeds.items.filter((seed) => !isKnown(seed))];
  const items = Array.from({ length: count }, (_, index) => {
    const seed = ordered[index % seeds.items.length] as Seed;
    const round = Math.floor(index / seeds.items.length);
    return system(round ? { ...seed, id: `${seed.id}-${round}`, name: `${seed.name}${round}`, pinyin: [...seed.pinyin, `${round}`] } : seed);
  });
  const used = new Set(items.map((item) => item.category));
  return { items, categories: seeds.categories.filter((category) => used.has(category.id)) };
}

export function world(count = 26): World {
  const systems = list(count);
  return {
    me: structuredClone(kMe),
    list: systems,
    links: systems.items.map(link),
    sessions: structuredClone(kSessions),
    factor: structuredClone(kNoFactor),
    data: dataWorld(),
    sharing: shareWorld(),
    alerting: alertWorld(),
    problems: {},
    delay: 0,
    signedIn: true,
  };
}
