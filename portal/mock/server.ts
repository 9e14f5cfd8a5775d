// The hub as far as the portal sees it: the API, the static files and the server-rendered pages.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { alertHandlers } from './alerts.ts';
import { auditHandlers } from './audit.ts';
import { checkAnswer, checkRequest, needsCsrf, route } from './contract.ts';
import { dataHandlers, type Answer, type Handler } from './data_handlers.ts';
import { kFactor, kRecovery, problem, world, type World } from './data.ts';
import { kQr } from './qr.ts';
import { shareHandlers } from './share_side.ts';
import { manifest, pageStates, renderPage, type Look } from './pages.ts';
import { kPageCsp, serveFile } from './static.ts';

export interface Mock {
  origin: string;
  world: World;
  /** what was asked, as "GET /api/v1/me" */
  calls: string[];
  /** contract breaches on either side; must stay empty */
  breaches: string[];
  close(): Promise<void>;
}

const ok = (body: unknown): Answer => ({ status: 200, body });
const kNone: Answer = { status: 204 };
const refuse = (status: number, code: Parameters<typeof problem>[1], more = {}): Answer => ({
  status,
  body: problem(status, code, more),
});

const star = (on: boolean): Handler => (w, id) => {
  const item = w.list.items.find((one) => one.id === id);
  if (!item) return refuse(404, 'not_found');
  item.favourite = on;
  return kNone;
};

const handlers: Record<string, Handler> = {
  ...dataHandlers,
  ...shareHandlers,
  ...alertHandlers,
  ...auditHandlers,
  'get /api/v1/me': (w) => ok(w.me),
  'put /api/v1/me/acting-post': (w, _id, body) => {
    w.me.acting_post = String(body.post_id);
    return ok(w.me);
  },
  'put /api/v1/me/preferences': (w, _id, body) => ok((w.me.preferences = body as World['me']['preferences'])),
  'put /api/v1/me/password': (w, _id, body) => {
    if (body.current !== 'right') return refuse(422, 'bad_password');
    const fields = [{ name: 'next', code: 'too_short', detail: '少于 10 个字符。' }];
    if (String(body.next).length < 10) return refuse(422, 'password_rule', { fields });
    w.sessions = w.sessions.filter((one) => one.current);
    return ok({ ended_sessions: 2 });
  },
  'get /api/v1/me/second-factor': (w) => ok(w.factor),
  'post /api/v1/me/second-factor/setup': (_w, _id, body) => {
    if (body.password !== 'right') return refuse(422, 'bad_password');
    return ok({
      setup: 'sealed', secret: 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ', qr: kQr, expires_at: '2026-11-21T03:20:00Z',
      uri: 'otpauth://totp/Yimen:wangmin?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Yimen',
    });
  },
  'post /api/v1/me/second-factor': (w, _id, body) => {
    if (body.code !== '123456') return refuse(422, 'bad_code');
    w.factor = { ...kFactor, name: String(body.name), recovery_codes_left: 10 };
    return ok({ recovery_codes: kRecovery });
  },
  'post /api/v1/me/second-factor/recovery-codes': (w, _id, body) => {
    if (body.code !== '123456') return refuse(422, 'code_used');
    w.factor.recovery_codes_left = 10;
    return ok({ recovery_codes: kRecovery });
  },
  'post /api/v1/me/second-factor/remove': (w, _id, body) => {
    if (body.code !== '123456') return refuse(422, 'bad_code');
    w.factor = { ...kFactor, enrolled: false };
    return kNone;
  },
  'post /api/v1/me/step-up': (w, _id, body) => {
    if (!w.factor.enrolled) return refuse(409, 'not_enrolled');
    if (body.code !== '123456') return refuse(422, 'bad_code');
    w.problems = {};
    return ok({ raised_until: '2026-11-21T03:20:00Z' });
  },
  'get /api/v1/systems': (w) => ok(w.list),
  'put /api/v1/me/favourites/{system}': star(true),
  'delete /api/v1/me/favourites/{system}': star(false),
  'get /api/v1/me/links': (w) => ok({ items: w.links }),
  'post /api/v1/me/links/{system}': (w, id, body) => {
    const link = w.links.find((one) => one.system === id);
    if (!link) return refuse(404, 'not_found');
    if ((body.fields as Record<string, string>).password !== 'right') return refuse(422, 'bad_password', { step: 'submit' });
    Object.assign(link, { state: 'linked', account: 'wa***in', last_verified_at: '2026-11-21T03:05:00Z' });
    return ok(link);
  },
  'delete /api/v1/me/links/{system}': (w, id) => {
    const link = w.links.find((one) => one.system === id);
    if (link) Object.assign(link, { state: 'unlinked', account: null, last_verified_at: null });
    return kNone;
  },
  'post /api/v1/me/links/{system}/test': (w, id) => ok(w.links.find((one) => one.system === id)),
  'get /api/v1/me/sessions': (w) => ok({ items: w.sessions }),
  'delete /api/v1/me/sessions': (w) => {
    const count = w.sessions.length;
    w.sessions = w.sessions.filter((one) => one.current);
    return ok({ ended: count - w.sessions.length });
  },
  'delete /api/v1/me/sessions/{id}': (w, id) => {
    w.sessions = w.sessions.filter((one) => one.id !== id);
    return kNone;
  },
  'get /api/v1/me/access/{system}': (w, id) => {
    const known = w.list.items.find((one) => one.id === id);
    if (known) return ok({ system: id, name: known.name, allowed: true, rule: 'district/all', unmet: [], change: '', who_can_grant: '' });
    return ok({
      system: id, name: '守边护边信息系统', allowed: false, rule: 'border/guards',
      unmet: [
        { condition: '角色', have: '住建科员、系统用户', need: '边防' },
        { condition: '网络区域', have: '', need: '公安网' },
      ],
      change: '由区边防办授予“边防”角色，并从公安网登录。', who_can_grant: '区边防办 值班室（内线 2300）',
    });
  },
  'post /api/v1/session': (w, _id, body) => {
    if (body.password === 'locked') return refuse(423, 'locked', { retry_after: 700 });
    if (body.password !== 'right') return refuse(401, 'bad_credentials');
    w.signedIn = true;
    w.me.csrf_token = 'mock-csrf-token-0002';
    return ok(w.me);
  },
};

function decide(mock: Mock, req: IncomingMessage, method: string, url: URL, body: unknown): Answer & { template?: string } {
  const found = route(url.pathname);
  const handler = found && handlers[`${method} ${found.template}`];
  if (!found || !handler) return refuse(404, 'not_found');
  const { template, params } = found;
  const planned = mock.world.problems[`${method} ${template}`];
  if (planned) return { status: planned.status, body: planned, template };
  if (template !== '/api/v1/session' && !mock.world.signedIn) return { ...refuse(401, 'no_session'), template };
  if (needsCsrf(method, template) && req.headers['x-csrf-token'] !== mock.world.me.csrf_token) {
    return { ...refuse(403, 'csrf'), template };
  }
  checkRequest(method, template, body);
  const id = params.system ?? params.item ?? params.id ?? params.run ?? params.share ?? params.contract ?? params.alert ?? params.check ?? '';
  return { ...handler(mock.world, id, (body ?? {}) as Record<string, unknown>, url.searchParams, params), template };
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text ? (JSON.parse(text) as unknown) : undefined;
}

async function answerApi(mock: Mock, req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
  const method = (req.method ?? 'GET').toLowerCase();
  mock.calls.push(`${req.method} ${url.pathname}`);
  const body = await readJson(req);
  if (mock.world.delay === Infinity) return;
  if (mock.world.delay) await new Promise((go) => setTimeout(go, mock.world.delay));
  try {
    const answer = decide(mock, req, method, url, body);
    if (answer.template) checkAnswer(method, answer.template, answer.status, answer.body);
    const type = answer.status >= 400 ? 'application/problem+json' : 'application/json';
    res.writeHead(answer.status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
    res.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  } catch (error) {
    mock.breaches.push(String(error));
    res.writeHead(500).end();
  }
}

function answerPage(dist: string, url: URL, res: ServerResponse): void {
  const [, , page = '', state = ''] = url.pathname.split('/');
  const view = pageStates[page]?.[state];
  if (!view) return void res.writeHead(404).end();
  const look: Look = {
    lang: url.searchParams.get('lang') === 'en' ? 'en' : 'zh-CN',
    theme: url.searchParams.get('theme') === 'dark' ? 'dark' : 'light',
    size: url.searchParams.get('size') === 'large' ? 'large' : 'normal',
  };
  res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': kPageCsp });
  res.end(renderPage(page, view, look, manifest(dist).assets));
}

/** One answer with what runs now; the pages come back for the next after a minute, which no test waits for. */
function sendEvents(mock: Mock, res: ServerResponse): void {
  const running = mock.world.data.jobs.flatMap((job) => [
    ...(job.progress ? [{ item: job.item, kind: 'sync', ...job.progress }] : []),
    ...(job.backfill?.progress ? [{ item: job.item, kind: 'backfill', ...job.backfill.progress }] : []),
  ]);
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  res.end(`retry: 60000\nid: 1\nevent: progress\ndata: ${JSON.stringify({ running })}\n\n`);
}

/** Listens on a free port of 127.0.0.1. `/pages/<page>/<state>` shows a server-rendered page. */
export async function startMock(dist: string): Promise<Mock> {
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://mock');
    if (url.pathname === '/api/v1/sync/events') sendEvents(mock, res);
    else if (url.pathname.startsWith('/api/')) void answerApi(mock, req, res, url);
    else if (url.pathname.startsWith('/pages/')) answerPage(dist, url, res);
    else if (/^\/(go|login|logout|ui|step-up)(\/|$)/.test(url.pathname)) {
      mock.calls.push(`${req.method} ${url.pathname}${url.search}`);
      res.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>hub</title><h1>hub</h1>');
    } else if (!serveFile(dist, url.pathname, req, res)) res.writeHead(404).end();
  });
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const mock: Mock = {
    origin: `http://127.0.0.1:${port}`,
    world: world(),
    calls: [],
    breaches: [],
    close: () =>
      new Promise<void>((go) => {
        server.closeAllConnections();
        server.close(() => go());
      }),
  };
  return mock;
}
