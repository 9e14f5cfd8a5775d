// The data side as the portal sees it: the district's own catalogue, four items that are supplied, their runs.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { components } from '../src/api/schema';
import { letters } from './letters.ts';

type S = components['schemas'];
type Run = S['SyncRun'];
interface Listed {
  code: string;
  resource_code: string;
  name: string;
  category: string;
  source: string;
  provider: string;
  level: string;
  pi: string;
  share_type: string;
  share_condition: string;
  update_cycle: string;
  key_fields: string[];
}

const kFile = fileURLToPath(new URL('../../policies/catalog/items.json', import.meta.url));
const listed = JSON.parse(readFileSync(kFile, 'utf8')) as Listed[];
const kShares: Record<string, S['DataItem']['share']> = { 无条件共享: 'unconditional', 有条件共享: 'conditional', 不予共享: 'none' };
const kBase = Date.parse('2026-11-21T03:00:00Z');
const kHour = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z');

export interface DataWorld {
  items: S['DataItem'][];
  jobs: S['SyncJob'][];
  runs: Run[];
  /** the run whose held removal somebody agreed to */
  confirmed?: number;
  letters: Record<string, S['DeadLetter'][]>;
  groups: { item: string; rule: string; field: string; open: number; last_run: number; last_seen: string | null }[];
}

const counters = (read: number, rejected: number): S['SyncCounters'] => ({
  read, inserted: Math.floor(read * 0.02), updated: Math.floor(read * 0.05), rejected, deduped: 0, deleted: 0, removed: 0,
  unchanged: read - rejected - Math.floor(read * 0.02) - Math.floor(read * 0.05),
});

function run(id: number, item: string, at: number, state: Run['state'], read = 6000, rejected = 0): Run {
  return {
    id, item, kind: 'sync', mode: id % 8 ? 'incremental' : 'full', state, started_at: iso(at),
    ended_at: state === 'running' ? null : iso(at + 9_000 + read), map_version: 'a3f09c11', removal: null,
    error: state === 'failed' ? '来源没有应答：连接 10.20.30.4:5432 超时 / timed out' : '', counters: counters(read, rejected),
  };
}

export const kSupplied = ['ZS-SQ-013', 'ZS-KJ-017', 'ZS-DJ-001', 'ZS-DJ-002', 'ZS-DJ-003', 'ZS-DJ-004'] as const;

/** good, running, dead letters, failed, waiting for a person, late */
function history(): Run[] {
  const [good, running, partial, failed, held, late] = kSupplied;
  const out: Run[] = [];
  for (let i = 0; i < 40; i++) {
    const size = 5200 + ((i * 733) % 1700);
    out.push(run(1000 + i, good, kBase - (40 - i) * kHour, i === 11 ? 'failed' : i === 22 ? 'cancelled' : 'done', i === 11 ? 0 : size));
    out.push(run(2000 + i, partial, kBase - (40 - i) * kHour, i % 9 ? 'done' : 'partial', size, i % 9 ? 0 : 41));
  }
  out.push(run(3001, running, kBase - 2 * kHour, 'done'), run(3002, running, kBase - 20_000, 'running', 3000));
  out.push(run(4001, partial, kBase - 600_000, 'partial', 6120, 37), run(5001, failed, kBase - kHour, 'failed', 0));
  const refused = run(6001, held, kBase - kHour, 'partial', 0);
  const removal = { unseen: 1840, before: 1840, removed: 0, refused: true };
  out.push({ ...refused, removal }, { ...run(6000, held, kBase - 2 * kHour, 'partial', 0), removal }, run(7001, late, kBase - 90 * kHour, 'done'));
  return out.sort((a, b) => b.id - a.id).sort((a, b) => Date.parse(b.started_at ?? '') - Date.parse(a.started_at ?? ''));
}

export function dataWorld(): DataWorld {
  const runs = history();
  const last = (code: string): Run | null => runs.find((one) => one.item === code) ?? null;
  const items = listed.map((one) => ({
    code: one.code, name: one.name, category: one.category, source: one.source, provider: one.provider,
    level: Number(/\d/.exec(one.level)?.[0] ?? 1), share: kShares[one.share_type] ?? ('none' as const),
    personal: one.pi === 'none' ? ('none' as const) : one.pi === 'personal' ? ('personal' as const) : ('sensitive_personal' as const),
    cycle: one.update_cycle, supplied: (kSupplied as readonly string[]).includes(one.code), late: one.code === kSupplied[5],
    last_run: last(one.code),
  }));
  const jobs = kSupplied.map((item, i) => ({
    item, next_run: i === 3 ? null : iso(kBase + (i + 1) * 600_000), paused: false, failures: i === 3 ? 4 : 0,
    progress: i === 1 ? { read: 3000, written: 2800, rejected: 12 } : null, last_run: last(item),
    backfill: i === 1 ? { column: 'updated_at', from: '2026-10-01', to: '', state: 'running' as const, progress: { read: 812, written: 800, rejected: 3 } } : null,
  }));
  const groups = [
    { item: kSupplied[2], rule: 'id_card', field: 'id_no', open: 31, last_run: 4001, last_seen: iso(kBase - kHour) },
    { item: kSupplied[2], rule: 'required', field: 'org_code', open: 6, last_run: 4001, last_seen: iso(kBase - kHour) },
    { item: kSupplied[0], rule: 'code', field: 'class', open: 2, last_run: 3990, last_seen: iso(kBase - 2 * kHour) },
  ];
  return { items, jobs, runs, groups, letters: letters() };
}

const kTitles = ['编号', '名称', '上级', '负责人', '电话', '地址', '成立日期', '更新时间'];
export function detail(world: DataWorld, code: string): S['DataItemDetail'] | undefined {
  const item = world.items.find((one) => one.code === code);
  const raw = listed.find((one) => one.code === code);
  if (!item || !raw) return undefined;
  const fields = kTitles.map((title, i) => ({
    name: ['code', 'name', 'parent', 'leader', 'phone', 'address', 'founded', 'updated_at'][i] ?? '', title,
    type: i === 6 ? ('date' as const) : i === 7 ? ('datetime' as const) : ('text' as const), key: i === 0, required: i < 2,
  }));
  return {
    ...item, resource_code: raw.resource_code, share_condition: raw.share_condition, key_fields: raw.key_fields,
    rows: item.supplied ? 6120 : null, fields: item.supplied ? fields : [],
  };
}
