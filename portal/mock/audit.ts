// The audit log as the auditor's page sees it.
import type { components } from '../src/api/schema';
import { problem } from './data.ts';
import type { Handler } from './data_handlers.ts';

type Record_ = components['schemas']['AuditRecord'];
const kBase = Date.parse('2026-11-21T03:00:00Z');
const kKinds: [string, string, Record_['result'], Record<string, string>][] = [
  ['login.ok', '', 'ok', {}],
  ['sync.removal.confirm', 'item:ZS-DJ-003', 'ok', { item: 'ZS-DJ-003', run: '6001', unseen: '1840', before: '1840' }],
  ['login.failed', '', 'denied', { reason: 'bad_credentials' }],
  ['vault.open', '', 'ok', { reason: 'sign_on' }],
  ['config.reloaded', '', 'failed', {}],
];

export const auditLog = (): Record_[] =>
  Array.from({ length: 120 }, (_one, i) => {
    const [type, subject, result, fields] = kKinds[i % kKinds.length]!;
    return {
      seq: 9120 - i, at: new Date(kBase - i * 400_000).toISOString().replace(/\.\d+Z/, 'Z'), type, subject, result, fields,
      actor: type === 'login.failed' ? '' : ['wangmin', 'sunzhuan', 'ligong'][i % 3]!, system: type === 'vault.open' ? 'qu-oa' : '', source_ip: '10.20.4.17',
    };
  });

const kPage = 50;
export const auditHandlers: Record<string, Handler> = {
  'get /api/v1/admin/audit': (w, _id, _body, query) => {
    if (!w.me.roles.includes('auditor')) return { status: 403, body: problem(403, 'forbidden') };
    const [actor, type, object] = ['actor', 'type', 'object'].map((name) => query.get(name) ?? '');
    const before = Number(query.get('before') ?? 1e9);
    const fits = (one: Record_): boolean =>
      one.seq < before && (!actor || one.actor === actor) && (!type || one.type.startsWith(type)) &&
      (!object || one.subject === object || one.system === object || Object.values(one.fields).includes(object));
    const found = auditLog().filter(fits);
    const items = found.slice(0, kPage);
    const cut = object === 'CUT' && before > 5000;
    return { status: 200, body: { items, next: cut ? 5000 : found.length > kPage ? items.at(-1)!.seq : null, cut } };
  },
};
