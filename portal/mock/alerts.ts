// Checks over several items, what they found, and where an item comes from.
import type { components } from '../src/api/schema';
import type { Answer, Handler } from './data_handlers.ts';
import { problem } from './data.ts';

type S = components['schemas'];
export interface AlertWorld {
  checks: S['Check'][];
  alerts: S['AlertDetail'][];
}

const kBase = Date.parse('2026-11-21T02:10:00Z');
const kHour = 3_600_000;
const iso = (hoursAgo: number): string => new Date(kBase - hoursAgo * kHour).toISOString().replace('.000Z', 'Z');

function check(name: string, code: string, zh: string, en: string, severity: 'red' | 'yellow', items: string[], open: number, more: Partial<S['Check']> = {}): S['Check'] {
  return {
    name, code, title: { zh, en }, severity, items, missing: [], cron: '10 5 * * *', every_seconds: 0, open,
    last_run: { at: iso(5), millis: 412, found: open, opened: 0, closed: 0, error: '' }, ...more,
  };
}

function evidence(n: number): NonNullable<S['AlertDetail']['evidence']> {
  const lineage = { run: 4001, partition: 'main', committed_at: kBase - 6 * kHour, map_version: 'a3f09c11' };
  return {
    code: 'R001',
    fields: { payment: `20261000${n}`, id_no: '210299********1234', holder: '张**', month: '202610', amount: '812.50', checked_at: '2026-08-14' },
    records: [
      { item: 'ZS-DJ-001', system: 'nat-salvation', key: { id: `20261000${n}` }, lineage },
      { item: 'ZS-DJ-002', system: 'nat-share', key: { id_no: '210299********1234', checked_at: null }, lineage: null },
    ],
  };
}

function alert(id: number, of: string, severity: 'red' | 'yellow', message: string, state: S['Alert']['state'], hours: number): S['AlertDetail'] {
  return {
    id, check: of, severity, message, state, opened_at: iso(hours), seen_at: iso(5), closed_at: state === 'closed' ? iso(2) : null,
    taken_at: state === 'taken' ? iso(4) : null, taken_by: state === 'taken' ? '孙数' : null, note: state === 'taken' ? '已与区民政局核实，正在追回 10 月发放的金额。' : '', evidence: evidence(id % 10),
  };
}

export function alertWorld(): AlertWorld {
  const dead = (n: number): string => `张**（210299********12${n}4）2026-08-14 已核验死亡，202610 仍发放 812.50 元 / 张** (210299********12${n}4) was known to be dead on 2026-08-14; 812.50 yuan were paid for 202610`;
  const late = (name: string): string => `${name}（滨海城投有限公司）计划 2026-03-01 开工，仍为 前期，最近进度报告 2026-10 / ${name} was to begin on 2026-03-01 and is still 前期; last report 2026-10`;
  return {
    checks: [
      check('dead-on-aid', 'R001', '已故人员领取低保', 'A deceased person draws aid', 'red', ['ZS-MS-005', 'ZS-MS-001'], 3),
      check('holiday-trips', 'R003', '公车节假日异常行驶', 'Public cars on the road on days off', 'yellow', ['ZS-JC-034', 'ZS-JC-033'], 0, { missing: ['ZS-JC-033'], last_run: null }),
      check('projects-late', 'R005', '重大项目超期未招标', 'Major projects past their start without a tender', 'yellow', ['ZS-JJ-001', 'ZS-JJ-002'], 2),
      check('rewards-twice', 'R004', '同一楼宇重复招商奖励', 'Rewarded twice in one tower', 'red', ['ZS-JJ-010', 'ZS-QY-018'], 0, {
        last_run: { at: iso(5), millis: 10_012, found: 0, opened: 0, closed: 0, error: '查询超过 10 秒 / the question took more than 10 s' },
      }),
    ],
    alerts: [
      alert(71, 'dead-on-aid', 'red', dead(1), 'open', 5), alert(72, 'dead-on-aid', 'red', dead(2), 'taken', 29), alert(73, 'dead-on-aid', 'red', dead(3), 'open', 5),
      alert(74, 'projects-late', 'yellow', late('滨海新城地下综合管廊二期工程'), 'open', 53), alert(75, 'projects-late', 'yellow', late('机场前社区卫生服务中心'), 'open', 77),
      alert(76, 'dead-on-aid', 'red', dead(6), 'closed', 400),
    ],
  };
}

const ok = (body: unknown): Answer => ({ status: 200, body });
const missing = (): Answer => ({ status: 404, body: problem(404, 'not_found', { title: '没有此预警' }) });

const kLineageFields = ['code', 'name', 'parent', 'leader', 'phone', 'address', 'founded', 'updated_at'];
const kTitles = ['编号', '名称', '上级', '负责人', '电话', '地址', '成立日期', '更新时间'];
function lineage(item: S['DataItem'], many: boolean): S['ItemLineage'] {
  const rows = item.supplied ? kLineageFields : [];
  const consumers = item.supplied ? Array.from({ length: many ? 80 : 2 }, (_, i) => ({ share: 43 + i, unit: `D${10 + i}`, unit_name: ['区人力资源和社会保障局', '区民政局'][i] ?? `第 ${i} 街道办事处`, fields: kLineageFields.slice(0, 3 + (i % 4)) })) : [];
  return {
    item: item.code, provider: item.provider, system: item.source, ...(item.supplied ? { table: 'party_org', map_version: 'a3f09c11', script: 'map.lua' } : {}),
    freshness: { cycle: item.cycle, last_success: item.supplied ? iso(0) : null, age_seconds: item.supplied ? 3000 : null, limit_seconds: 129_600, late: item.supplied ? item.late : null },
    quality: { score: item.supplied ? 99.3 : null, read: 241_880, rejected: 1512, runs: [], dead_letters: item.supplied ? [{ rule: 'id_card', field: 'leader', open: 31 }, { rule: 'required', field: 'code', open: 6 }] : [] },
    fields: rows.map((name, i) => ({ name, title: kTitles[i] ?? '', type: 'text', from: `ZZ_${name.toUpperCase()}`, steps: i === 2 ? ['code org', 'split'] : i === 4 ? ['check phone'] : [], personal: i === 3 ? 'name' : i === 4 ? 'phone' : 'none' })),
    batches: item.supplied ? [{ run: 4001, partition: 'main', number: 1, from: '', after: 'p1', read: 5000, committed_at: iso(0) }, { run: 4001, partition: 'main', number: 2, from: 'p1', after: 'p2', read: 1120, committed_at: iso(0) }] : [],
    consumers, checks: item.supplied ? ['dead-on-aid', 'projects-late'] : [],
  };
}

export const alertHandlers: Record<string, Handler> = {
  'get /api/v1/data/items/{item}/lineage': (w, id) => {
    const found = w.data.items.find((one) => one.code === id);
    return found ? ok(lineage(found, id === 'ZS-DJ-002')) : { status: 404, body: problem(404, 'not_found', { title: '目录中没有' }) };
  },
  'get /api/v1/checks': (w) => ok({ items: w.alerting.checks }),
  'post /api/v1/checks/{check}/run': (w, id) => {
    const found = w.alerting.checks.find((one) => one.name === id);
    if (!found) return missing();
    found.last_run = { at: iso(0), millis: 230, found: 3, opened: 1, closed: 0, error: '' };
    return ok(found.last_run);
  },
  'get /api/v1/alerts': (w) => ok({ items: w.alerting.alerts.map(({ evidence: _evidence, ...rest }) => rest) }),
  'get /api/v1/alerts/{alert}': (w, id) => {
    const found = w.alerting.alerts.find((one) => String(one.id) === id);
    return found ? ok(found) : missing();
  },
  'post /api/v1/alerts/{alert}': (w, id, body) => {
    const found = w.alerting.alerts.find((one) => String(one.id) === id);
    if (!found) return missing();
    if (body.note === 'WRONG') return { status: 409, body: problem(409, 'managed', { title: '已由他人处理', detail: '' }) };
    return ok(Object.assign(found, { state: 'taken', taken_at: iso(0), taken_by: '王敏', note: body.note }));
  },
};
