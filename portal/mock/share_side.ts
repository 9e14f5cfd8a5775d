// Sharing as the portal sees it: what may be asked for, requests and contracts in every state, rows.
import type { components } from '../src/api/schema';
import type { Answer, Handler } from './data_handlers.ts';

type S = components['schemas'];
type Share = S['ShareDetail'];
type Draft = S['ShareDraft'];
export interface ShareWorld {
  offers: S['ShareOfferDetail'][];
  shares: Share[];
}

const kOwner = { code: 'D17', name: '区营商环境建设局（涉民涉企诉求管理中心）' };
const kUnit = { code: 'D15', name: '区人力资源和社会保障局' };
const kOwn = { code: 'D03', name: '区住房和城乡建设局' };
const field = (name: string, title: string, personal: S['ShareField']['personal'] = 'none', mask: S['ShareMask'] = 'plain', type: S['ShareField']['type'] = 'text') => ({
  name, title, type, key: name === 'order_no', personal, mask,
});
const kFields: S['ShareField'][] = [
  field('order_no', '工单编号'), field('caller', '来电人', 'name', 'name'), field('id_no', '证件号码', 'id_no', 'id_number'),
  field('phone', '联系电话', 'phone', 'phone'), field('address', '诉求地址', 'address', 'address'), field('street', '街道代码'),
  field('content', '诉求内容', 'sensitive', 'hash'), field('accepted_at', '受理时间', 'none', 'plain', 'datetime'), field('days', '办理时限（工作日）', 'none', 'plain', 'integer'),
];
const kAreas = ['机场街道', '周水子街道', '辛寨子街道', '泉水街道'].map((name, i) => ({ code: `21021101${i}`, name }));

function offer(code: string, name: string, more: Partial<S['ShareOfferDetail']> = {}): S['ShareOfferDetail'] {
  return {
    code, name, category: '社情民意', provider: '区营商环境建设局', owner: kOwner, share: 'conditional', level: 3, cycle: '实时',
    condition: '按用途申请，经提供方审批，脱敏到角色。', personal: 'personal', resource_code: '306001/000101', key_fields: ['order_no'],
    fields: kFields, units: [kOwn, { code: 'D02', name: '诉求汇办专班' }], areas: kAreas, ...more,
  };
}
const kPlain = { personal: 'none', share: 'unconditional', condition: '', level: 1, fields: kFields.filter((one) => one.personal === 'none') } as const;

const kPerson = (id: string, name: string): S['SharePerson'] => ({ id, name });
const at = (day: string, time = '02:10:00'): string => `${day}T${time}Z`;
const columns = (open: boolean): S['ShareTerms']['columns'] =>
  kFields.slice(0, 7).map((one) => ({ field: one.name, mask: open && one.name === 'phone' ? ('plain' as const) : one.mask, ...(one.name === 'id_no' ? { plain_for: ['leader'] } : {}) }));

function dayBefore(days: number): string {
  const day = new Date(Date.now() - days * 86_400_000);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
}

function share(id: number, state: S['ShareState'], more: Partial<Share> = {}): Share {
  const began = ['active', 'suspended', 'ended'].includes(state);
  return {
    id, item: 'ZS-SQ-001', item_name: '12345 工单', unit: kUnit, owner: kOwner, requester: kPerson('7', '何欣'), decided_by: began ? kPerson('9', '刘洋') : null,
    purpose: '核对就业援助对象的诉求办理情况，避免重复上门', legal_basis: '《政务数据共享条例》第二十条', state, in_force: state === 'active', expired: false,
    from: '2026-11-01', to: '2027-10-31', created_at: at('2026-11-01'), changed_at: at('2026-11-20'), version: 2, mine: false, decides: false, may: [],
    rows_unit: { code: '210211010', name: '机场街道' },
    terms: { columns: columns(false), rows: { field: 'street', unit: '210211010' }, rows_per_day: 1000, calls_per_day: 10_000, roles: ['clerk', 'leader'] },
    fields: kFields,
    events: [
      { at: at('2026-11-01'), actor: kPerson('7', '何欣'), action: 'request', state: 'requested', reason: '' },
      ...(began ? [{ at: at('2026-11-03'), actor: kPerson('9', '刘洋'), action: 'approve', state: 'active' as const, reason: '' }] : []),
    ],
    tokens: [], usage: [], ...more,
  };
}

const kUsage = Array.from({ length: 30 }, (_, i) => ({ day: dayBefore(i), calls: 3 + ((i * 7) % 11), rows: i ? (i * 137) % 900 : 640 })).filter((_, i) => i % 6 !== 5);
const kTokens = [
  { id: 1, name: '就业援助核对系统', created_at: at('2026-11-03'), last_used_at: at('2026-11-21', '01:00:00'), revoked_at: null },
  { id: 2, name: '旧核对程序', created_at: at('2026-11-03'), last_used_at: null, revoked_at: at('2026-11-10') },
];

export function shareWorld(): ShareWorld {
  const refusal = (action: string, state: S['ShareState'], reason: string) => [{ at: at('2026-11-05'), actor: kPerson('9', '刘洋'), action, state, reason }];
  const asked = share(1, 'returned');
  return {
    offers: [
      offer('ZS-SQ-001', '12345 工单'), offer('ZS-SQ-021', '居民问题（社区通）', { owner: { code: 'D11', name: '区大数据中心' }, provider: '区融媒体中心/街道' }),
      offer('ZS-JJ-005', '投资项目备案核准', { ...kPlain, category: '经济', cycle: '每日', provider: '区发展和改革局', owner: { code: 'D18', name: '区发展和改革局' } }),
      offer('ZS-WL-019', '农产品品牌与店铺', { ...kPlain, category: '文化旅游', cycle: '每月', provider: '区融媒体中心/街道', owner: { code: 'D11', name: '区大数据中心' } }),
    ],
    shares: [
      share(41, 'requested', { decides: true, may: ['approve', 'return', 'refuse', 'end'], terms: { ...asked.terms, columns: columns(true) } }),
      share(42, 'requested', { decides: true, may: ['approve', 'return', 'refuse', 'end'], unit: kOwn, requester: kPerson('5', '陈静') }),
      share(43, 'active', { mine: true, unit: kOwn, requester: kPerson('1', '王敏'), may: ['end', 'issue_token'], usage: kUsage, tokens: structuredClone(kTokens), item_name: '居民问题（社区通）', item: 'ZS-SQ-021' }),
      share(44, 'active', { decides: true, may: ['suspend', 'end'], to: dayBefore(-12), usage: kUsage.slice(0, 4), tokens: structuredClone(kTokens.slice(0, 1)) }),
      share(45, 'returned', { mine: true, unit: kOwn, requester: kPerson('1', '王敏'), may: ['revise', 'end'], events: [...asked.events.slice(0, 1), ...refusal('return', 'returned', '请说明为什么需要证件号码，或改为代号。')] }),
      share(46, 'refused', { mine: true, unit: kOwn, requester: kPerson('1', '王敏'), events: [...asked.events.slice(0, 1), ...refusal('refuse', 'refused', '用途与职责不符。')] }),
      share(47, 'suspended', { decides: true, may: ['resume', 'end'] }),
      share(48, 'active', { expired: true, in_force: false, to: '2026-10-31', from: '2025-11-01', purpose: '2025 年度考核' }),
      share(49, 'ended', {}),
    ],
  };
}

const ok = (body: unknown): Answer => ({ status: 200, body });
const refuse = (status: number, code: S['ErrorCode'], title: string): Answer => ({
  status, body: { type: `urn:yimen:problem:${code}`, title, status, detail: '', code, trace_id: '01JD4F-7QX2-9A31', fields: [] },
});
const missing = refuse(404, 'not_found', '没有此共享');
const kNext: Record<string, S['ShareState']> = { approve: 'active', return: 'returned', refuse: 'refused', suspend: 'suspended', resume: 'active', end: 'ended' };

function summary(one: Share): S['Share'] {
  const { terms: _terms, fields: _fields, events: _events, tokens: _tokens, usage: _usage, ...rest } = one;
  return rest;
}
function asDraft(one: Share, draft: Draft): Share {
  return Object.assign(one, { purpose: draft.purpose, legal_basis: draft.legal_basis, from: draft.from, to: draft.to, terms: { calls_per_day: 10_000, ...draft.terms } });
}

export const shareHandlers: Record<string, Handler> = {
  'get /api/v1/share-offers': (w) =>
    ok({
      items: w.sharing.offers.map(({ fields: _f, units: _u, areas: _a, resource_code: _r, key_fields: _k, ...rest }) => rest),
    }),
  'get /api/v1/share-offers/{item}': (w, id) => {
    const found = w.sharing.offers.find((one) => one.code === id);
    return found ? ok(found) : refuse(404, 'not_found', '没有可申请的数据项');
  },
  'get /api/v1/shares': (w) => ok({ items: w.sharing.shares.map(summary) }),
  'post /api/v1/shares': (w, _id, body) => {
    const draft = body as unknown as Draft;
    if (draft.purpose.includes('WRONG')) return refuse(400, 'invalid_field', '$.terms.columns[0].mask: 非文本字段只能 plain 或 hash');
    const found = w.sharing.offers.find((one) => one.code === draft.item);
    const made = share(50, 'requested', { item: draft.item, item_name: found?.name ?? draft.item, mine: true, may: ['revise', 'end'], unit: kOwn, requester: kPerson('1', '王敏') });
    w.sharing.shares.unshift(asDraft(made, draft));
    return ok(made);
  },
  'get /api/v1/shares/{share}': (w, id) => {
    const found = w.sharing.shares.find((one) => String(one.id) === id);
    return found ? ok(found) : missing;
  },
  'put /api/v1/shares/{share}': (w, id, body) => {
    const found = w.sharing.shares.find((one) => String(one.id) === id);
    if (!found) return missing;
    return ok(asDraft(Object.assign(found, { state: 'requested' }), body as unknown as Draft));
  },
  'post /api/v1/shares/{share}/state': (w, id, body) => {
    const found = w.sharing.shares.find((one) => String(one.id) === id);
    if (!found) return missing;
    if (body.reason === 'WRONG') return refuse(409, 'managed', '已被他人更改，请重新查看');
    const state = kNext[String(body.action)] ?? found.state;
    const event = { at: at('2026-11-21'), actor: kPerson('1', '王敏'), action: String(body.action), state, reason: String(body.reason ?? '') };
    return ok(Object.assign(found, { state, in_force: state === 'active', decided_by: event.actor, may: state === 'active' ? ['suspend', 'end'] : [], events: [...found.events, event] }));
  },
  'post /api/v1/shares/{share}/tokens': (w, id, body) => {
    const found = w.sharing.shares.find((one) => String(one.id) === id);
    found?.tokens.push({ id: 9, name: String(body.name), created_at: at('2026-11-21'), last_used_at: null, revoked_at: null });
    return { status: 201, body: { id: 9, token: 'yst_9.bm90LWEtcmVhbC10b2tlbi1vZi1hbnktc3lzdGVt' } };
  },
  'delete /api/v1/shares/{share}/tokens/{token}': (w, id, _body, _query, params) => {
    const token = w.sharing.shares.find((one) => String(one.id) === id)?.tokens.find((one) => String(one.id) === params.token);
    if (token) token.revoked_at = at('2026-11-21');
    return { status: 204 };
  },
  'get /api/v1/share/{contract}/rows': (w, id, _body, query) => {
    const found = w.sharing.shares.find((one) => String(one.id) === id);
    if (!found) return missing;
    if (query.get('as_of') === '2020-01-01') return refuse(429, 'throttled', '今日行数已用完，次日恢复');
    const rows = Array.from({ length: 5 }, (_, i) => ({
      _id: `r${i}`, order_no: `GD2026${1000 + i}`, caller: '张**', id_no: '210299********12' + (30 + i), phone: '138****5678',
      address: '大连市甘井子区机场街道****', street: '210211010', content: i ? '9f2c41d07ab3' : null,
    }));
    return ok({ contract: found.id, item: found.item, as_of: query.get('as_of'), rows, next: 'more' });
  },
};
