// Answers of the data side; see server.ts for the others.
import { problem, type World } from './data.ts';
import { detail } from './data_side.ts';
import { letterHandlers } from './letters.ts';
import { kMapping, previewOf } from './mapping.ts';

export interface Answer {
  status: number;
  body?: unknown;
}
export type Handler = (w: World, id: string, body: Record<string, unknown>, query: URLSearchParams, params: Record<string, string>) => Answer;

const ok = (body: unknown): Answer => ({ status: 200, body });
const missing: Answer = { status: 404, body: problem(404, 'not_found') };

export const dataHandlers: Record<string, Handler> = {
  'get /api/v1/data/items': (w) => ok({ items: w.data.items }),
  'get /api/v1/data/items/{item}': (w, id) => {
    const found = detail(w.data, id);
    return found ? ok(found) : missing;
  },
  'get /api/v1/data/items/{item}/mapping': (w, id) => (w.data.items.some((one) => one.code === id && one.supplied) ? ok(kMapping) : missing),
  'post /api/v1/data/items/{item}/mapping/preview': (_w, _id, body) =>
    String(body.text ?? '').includes('WRONG')
      ? { status: 400, body: problem(400, 'invalid_field', { title: 'adapters/qu-grid/data.yaml:6:7: 未知的键 / unknown key WRONG' }) }
      : ok(previewOf(String(body.text ?? kMapping.text))),
  'get /api/v1/sync/jobs': (w) => ok({ items: w.data.jobs }),
  'post /api/v1/sync/jobs/{item}': (w, id, body) => {
    const job = w.data.jobs.find((one) => one.item === id);
    if (!job) return missing;
    if (body.action === 'pause' || body.action === 'resume') job.paused = body.action === 'pause';
    if (body.action === 'run' || body.action === 'run_full') job.progress = { read: 0, written: 0, rejected: 0 };
    if (body.action === 'cancel') job.progress = null;
    return ok({ item: id, action: body.action });
  },
  'post /api/v1/data/items/{item}/backfill': (w, id, body) => {
    const job = w.data.jobs.find((one) => one.item === id);
    if (!job) return missing;
    const [column, from, to] = [String(body.column ?? 'updated_at'), String(body.from ?? ''), String(body.to ?? '')];
    if (from === 'WRONG') return { status: 400, body: problem(400, 'invalid_field', { title: '来源没有应答 / the source does not answer' }) };
    if (!body.dry_run) job.backfill = { column, from, to, state: 'waiting', progress: null };
    return ok({ item: id, column, from, to, columns: ['code', 'name', 'updated_at'], selective: column === 'updated_at', started: !body.dry_run });
  },
  'delete /api/v1/data/items/{item}/backfill': (w, id) => {
    const job = w.data.jobs.find((one) => one.item === id);
    if (!job?.backfill) return { status: 409, body: problem(409, 'invalid_field') };
    job.backfill = null;
    return { status: 204 };
  },
  'get /api/v1/sync/runs/{run}/removal': (w, id) => {
    const run = w.data.runs.find((one) => String(one.id) === id);
    if (!run?.removal?.refused) return missing;
    const samples = Array.from({ length: 10 }, (_one, i) => [`210211-${String(410 + i * 7)}`]);
    const { unseen, before } = run.removal;
    return ok({ run: run.id, item: run.item, unseen, before, confirmed: w.data.confirmed === run.id, keys: [{ name: 'code', title: '编号' }], samples });
  },
  'post /api/v1/sync/runs/{run}/removal': (w, id, body) => {
    const run = w.data.runs.find((one) => String(one.id) === id);
    if (!run || body.unseen !== run.removal?.unseen) return { status: 409, body: problem(409, 'invalid_field') };
    w.data.confirmed = run.id;
    return ok({ run: run.id, item: run.item });
  },
  'get /api/v1/sync/runs': (w, _id, _body, query) => {
    const item = query.get('item');
    return ok({ items: w.data.runs.filter((run) => !item || run.item === item) });
  },
  ...letterHandlers,
};
