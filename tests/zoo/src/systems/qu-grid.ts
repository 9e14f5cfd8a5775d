// qu-grid: Spring Boot of 2020 with one page (hash routes) and a bearer token.
// Known: JSON sign-in with the SM3 of the password, access 30 min, refresh 12 h, refresh family with reuse detection, lock-out
// 5 in 10 min. Assumed: opaque tokens, error words, a strict Content-Security-Policy, gzip above 1 kB.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { png } from '../core/assets.ts';
import { percentEncode } from '../core/charset.ts';
import type { Exchange } from '../core/exchange.ts';
import { esc, kMatters, kPlaces, pad, personName, pick, positive } from '../core/html.ts';
import { Sim } from '../core/sim.ts';
import { staticFile } from '../core/static.ts';
import type { Account } from '../core/types.ts';

const { sm3 } = createRequire(import.meta.url)('sm-crypto') as typeof import('sm-crypto');

const kAccessMs = 1_800_000;
const kRefreshS = 43_200;
const kMaxFailures = 5;
const kFailureWindowMs = 600_000;
const kEvents = 38;
const kPageSize = 10;

interface Access {
  family: string;
  untilMs: number;
}

function eventNo(i: number): string {
  return `WG2102992026${pad(i, 10)}`;
}

function event(i: number): Record<string, unknown> {
  return {
    event_no: eventNo(i),
    title: pick(kMatters, i),
    address: pick(kPlaces, i),
    reporter: personName(i),
    state: i % 5 === 0 ? 80 : 40,
    photo: '/grid/static/photo.png',
    content: `${pick(kPlaces, i)}发现${pick(kMatters, i)}，请及时处置。`,
  };
}

export class QuGrid extends Sim {
  protected override gzip = true;
  private access = new Map<string, Access>();
  /** Refresh token to family; a used one stays here, so that its second use is seen. */
  private refresh = new Map<string, { family: string; used: boolean }>();

  override build(): void {
    const csp = { 'Content-Security-Policy': "default-src 'self'", 'Cache-Control': 'no-cache' };
    const shell = (x: Exchange): void =>
      x.html(kShell.replace(/\{\{name\}\}/g, this.info.name_zh).replace('{{origin}}', this.origin), { headers: csp });
    this.open('GET', '/', (x) => x.redirect(`${this.origin}/grid/`));
    this.open('GET', '/grid', (x) => x.redirect(`${this.origin}/grid/`));
    this.open('GET', '/grid/', shell);
    this.open('GET', '/grid/index.html', shell);
    this.asset('/grid/static/grid.css', 'text/css', 'body{font-family:sans-serif;background:#f2f7f2}.err{color:#b00}');
    this.asset('/grid/static/photo.png', 'image/png', png(120, 90, [60, 140, 80]));
    this.asset('/grid/app.js', 'application/javascript;charset=UTF-8', staticFile('qu-grid.js'));
    this.open('POST', '/grid/auth/login', (x) => this.login(x));
    this.open('POST', '/grid/auth/refresh', (x) => this.renew(x));
    this.page('POST', '/grid/auth/logout', (x, who) => this.logout(x, who));
    this.page('GET', '/grid/api/me', (x, who) =>
      x.sendJson({ name: who.name, org: who.org, system: this.info.name_zh }),
    );
    this.page('GET', '/grid/api/event/todo', (x) => x.sendJson({ total: 3, list: [1, 2, 3].map(event) }));
    this.page('GET', '/grid/api/event/list', (x) => this.list(x));
    this.page('GET', '/grid/api/export', (x) => this.download(x));
    this.page('GET', /^\/grid\/api\/event\/(WG\d{20})$/, (x) =>
      x.sendJson(event(positive((x.params[0] ?? '').slice(12), 1))),
    );
    this.page('POST', /^\/grid\/api\/event\/(WG\d{20})\/handle$/, (x, who) => this.handle(x, who));
  }

  override expire(what: string): number {
    const count = this.access.size;
    if (what !== 'access') return super.expire(what);
    for (const a of this.access.values()) a.untilMs = 0;
    return count;
  }

  override reset(): void {
    super.reset();
    this.access.clear();
    this.refresh.clear();
  }

  protected override enter(x: Exchange): Account | undefined {
    const sent = x.headers('authorization');
    if (sent.length === 0) return this.no(x, 'missing_token', '');
    const token = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(sent[0] ?? '')?.[1] ?? '';
    const found = this.access.get(token);
    if (sent.length > 1 || !found) return this.no(x, 'invalid_token', 'bearer token unknown');
    const session = this.sessions.touch(found.family);
    if (!session) return this.no(x, 'invalid_token', '');
    if (this.now() > found.untilMs) return this.no(x, 'token_expired', '');
    x.session = session.id;
    return session.account;
  }

  /** 401 JSON. A note means that somebody cheated. */
  private no(x: Exchange, error: string, note: string): undefined {
    if (note !== '') this.note(x, 'refused', note, { status: 401 });
    x.sendJson({ error, message: '未登录或登录已失效' }, { status: 401 });
    return undefined;
  }

  private login(x: Exchange): void {
    const body = x.json();
    const name = String(body['username'] ?? '');
    const sent = String(body['password'] ?? '');
    const account = this.accounts.find(name);
    const recent = (this.accounts.failures.get(name) ?? []).filter((t) => this.now() - t <= kFailureWindowMs);
    if (recent.length >= kMaxFailures) {
      this.note(x, 'login_failed', 'account is locked', { account });
      return x.sendJson({ error: 'locked', message: '账号已锁定，请10分钟后再试' }, { status: 401 });
    }
    if (!/^[0-9a-f]{64}$/.test(sent)) this.note(x, 'refused', 'password is not a lower-case SM3 hex', { account });
    if (!account || sent !== sm3(account.password) || body['clientType'] === undefined) {
      const count = this.accounts.fail(name, this.now(), kFailureWindowMs);
      this.note(x, 'login_failed', `failure ${count}`, { account });
      if (count >= kMaxFailures) this.note(x, 'locked', `${count} failures in 10 min`, { account });
      return x.sendJson({ error: 'bad_credentials', message: '用户名或密码错误' }, { status: 401 });
    }
    this.accounts.unlock(name);
    const session = this.sessions.create(account);
    x.account = account;
    x.session = session.id;
    this.note(x, 'login', `clientType ${String(body['clientType'])}`);
    this.tokens(x, account, session.id);
  }

  private tokens(x: Exchange, account: Account, family: string): void {
    const access = randomBytes(32).toString('base64url');
    const refresh = randomBytes(32).toString('base64url');
    this.access.set(access, { family, untilMs: this.now() + kAccessMs });
    this.refresh.set(refresh, { family, used: false });
    x.sendJson(
      {
        access_token: access,
        refresh_token: refresh,
        token_type: 'Bearer',
        expires_in: kAccessMs / 1000,
        refresh_expires_in: kRefreshS,
        user: { name: account.name, org: account.org },
      },
      { headers: { 'Cache-Control': 'no-store' } },
    );
  }

  private renew(x: Exchange): void {
    const found = this.refresh.get(String(x.json()['refresh_token'] ?? ''));
    if (!found) return this.no(x, 'invalid_token', 'refresh token unknown');
    const session = this.sessions.touch(found.family);
    if (found.used) {
      x.account = session?.account;
      x.session = found.family;
      this.sessions.end(found.family, 'kicked');
      this.note(x, 'kicked', 'refresh token reused: family revoked', { status: 401 });
      return this.no(x, 'token_reuse', 'refresh token reused');
    }
    if (!session) return this.no(x, 'invalid_token', '');
    found.used = true;
    x.account = session.account;
    x.session = session.id;
    this.tokens(x, session.account, session.id);
  }

  private logout(x: Exchange, who: Account): void {
    this.sessions.end(x.session ?? '', 'logout');
    this.note(x, 'logout', '', { account: who });
    x.sendJson({ ok: true });
  }

  private list(x: Exchange): void {
    const query = x.query();
    const page = positive(query.get('page'), 1);
    const word = query.get('kw');
    const all = Array.from({ length: kEvents }, (_, i) => event(i + 1)).filter((e) =>
      String(e['title']).includes(word),
    );
    x.sendJson({ total: all.length, kw: word, list: all.slice((page - 1) * kPageSize, page * kPageSize) });
  }

  private handle(x: Exchange, who: Account): void {
    const opinion = x.json()['opinion'];
    if (typeof opinion !== 'string' || opinion.includes('\ufffd')) {
      this.note(x, 'refused', 'charset: opinion is not UTF-8 text');
      return x.sendJson({ error: 'bad_request' }, { status: 400 });
    }
    x.sendJson({ ok: true, event_no: x.params[0], opinion, handler: who.name });
  }

  private download(x: Exchange): void {
    const rows = Array.from(
      { length: kEvents },
      (_, i) => `${eventNo(i + 1)},${pick(kMatters, i + 1)},${esc(pick(kPlaces, i + 1))}`,
    );
    x.download(
      Buffer.from('\ufeff事件编号,标题,地址\n' + rows.join('\n'), 'utf8'),
      'text/csv;charset=UTF-8',
      `attachment; filename*=UTF-8''${percentEncode('网格事件.csv', 'utf8')}`,
    );
  }
}

const kShell = `<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="UTF-8"><title>{{name}}</title><link rel="stylesheet" href="/grid/static/grid.css">
<link rel="canonical" href="{{origin}}/grid/"></head>
<body><h1>{{name}}</h1><p>欢迎，<b id="user">…</b></p><div id="app">加载中…</div><script src="app.js"></script></body></html>`;
