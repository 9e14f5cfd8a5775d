// Refused records, and what a replay makes of them.
import type { components } from '../src/api/schema';
import type { Answer, Handler } from './data_handlers.ts';
import type { World } from './data.ts';

type S = components['schemas'];
type Letter = S['DeadLetter'];
const kSeen = '2026-11-21T02:50:00Z';
const key = (item: string, rule: string, field: string): string => [item, rule, field].join(' ');

function letter(id: number, rule: string, field: string, message: string, record: Letter['record'], text: string | null = null): Letter {
  return {
    id, rule, field, message, origin: id * 3, run: 4001, map_version: 'a3f09c11', created_at: '2026-11-19T02:50:00Z', times: 1 + (id % 4),
    last_run: 4001, last_seen: kSeen, record, text,
  };
}

export function letters(): Record<string, Letter[]> {
  const person = (n: number): Letter['record'] => ({
    org_code: `ZZ${1000 + n}`, name: `第 ${n} 支部`, leader: n % 3 ? '王某某' : '', id_no: `21021119800101${1000 + n}`, address: n % 5 ? '机场街道迎客路 5 号' : null,
  });
  return {
    [key('ZS-DJ-001', 'id_card', 'id_no')]: Array.from({ length: 30 }, (_, i) => letter(100 + i, 'id_card', 'id_no', '证件号码：校验位不对，应核对原件 / the check digit does not fit', person(i))).concat(
      letter(131, 'id_card', 'id_no', '不是一条记录 / no record', null, '"ZZ1031";第 31 支部;;210211'),
    ),
    [key('ZS-DJ-001', 'required', 'org_code')]: Array.from({ length: 6 }, (_, i) => letter(200 + i, 'required', 'org_code', '编号：必填 / required', { ...person(i), org_code: '' })),
    [key('ZS-SQ-013', 'code', 'class')]: [301, 302].map((id) => letter(id, 'code', 'class', '大类：代码表 cls 中没有 99 / no code 99 in cls', { event_no: `WG-${id}`, cls: '99', occur_at: '2026/11/21 09:30' })),
  };
}

const ok = (body: unknown): Answer => ({ status: 200, body });
const kPage = 20;
const kZero = { read: 0, inserted: 0, updated: 0, unchanged: 0, rejected: 0, deduped: 0, deleted: 0, removed: 0 };

/** Edited letters pass, the others are refused as before; a commit takes what passed out of the list. */
function replay(w: World, body: Record<string, unknown>): S['ReplayReport'] {
  const wish = body as { item: string; rule?: string; field?: string; ids?: number[]; edits?: Record<string, object>; dry_run: boolean };
  const lists = Object.entries(w.data.letters).filter(([name]) => name.startsWith(`${wish.item} ${wish.rule ?? ''}`));
  const meant = lists.flatMap(([, list]) => list).filter((one) => !wish.ids || wish.ids.includes(one.id));
  const edited = new Set(Object.keys(wish.edits ?? {}));
  const passes = (one: Letter): boolean => edited.has(String(one.id)) || one.rule === 'code';
  const readable = meant.filter((one) => one.record);
  const good = readable.filter(passes);
  if (!wish.dry_run) for (const [name, list] of lists) w.data.letters[name] = list.filter((one) => !good.includes(one));
  return {
    item: wish.item, dry_run: wish.dry_run, letters: meant.length, passed: good.length, refused: readable.length - good.length, outdated: 0,
    unreadable: meant.length - readable.length, more: false, run: wish.dry_run ? null : 4002,
    details: readable.map((one) => ({ id: one.id, passed: passes(one), rule: passes(one) ? '' : one.rule, field: passes(one) ? '' : one.field, message: passes(one) ? '' : one.message })),
    counters: { ...kZero, read: readable.length, inserted: good.length, rejected: readable.length - good.length },
  };
}

export const letterHandlers: Record<string, Handler> = {
  'get /api/v1/sync/dead-letters': (w) => ok({ items: w.data.groups }),
  'get /api/v1/data/items/{item}/dead-letters': (w, id, _body, query) => {
    const all = w.data.letters[key(id, query.get('rule') ?? '', query.get('field') ?? '')] ?? [];
    const rest = all.filter((one) => one.id > Number(query.get('after') ?? 0));
    const items = rest.slice(0, kPage);
    return ok({ items, next: rest.length > kPage ? (items[kPage - 1]?.id ?? null) : null });
  },
  'post /api/v1/sync/dead-letters/replay': (w, _id, body) => ok(replay(w, body)),
  'post /api/v1/sync/dead-letters/discard': (w, _id, body) => {
    const ids = (body as { ids: number[] }).ids;
    for (const [name, list] of Object.entries(w.data.letters)) w.data.letters[name] = list.filter((one) => !ids.includes(one.id));
    return ok({ discarded: ids.length });
  },
};
