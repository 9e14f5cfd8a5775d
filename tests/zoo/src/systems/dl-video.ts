// dl-video: police video platform of 2017. An AK/SK interface (Artemis style) mints a ticket, the ticket opens the web client.
// Known: the signed text (method, Accept, Content-Type, x-ca-*, path), nonce replay window 15 min, code '0' with status 200.
// Assumed: ticket for one use within 60 s; error numbers other than 0x02401003; VMSID ends 3600 s after the last request.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { png } from '../core/assets.ts';
import { percentEncode } from '../core/charset.ts';
import type { Exchange } from '../core/exchange.ts';
import { esc, kPlaces, pad, pick, positive, table } from '../core/html.ts';
import { Sim } from '../core/sim.ts';
import { staticFile } from '../core/static.ts';
import type { Account } from '../core/types.ts';

const kCookie = 'VMSID';
const kWindowMs = 900_000;
const kTicketMs = 60_000;
const kCameras = 2735;
const kPageSize = 20;
const kMaxPageSize = 1000;
const kOwners = ['天网', '行政服务大厅', '街道自建'];

interface Ticket {
  account: Account;
  atMs: number;
}

/** 20 digits, GB/T 28181: a string, never a number. */
function cameraId(i: number): string {
  return `2102990008132600${pad(i, 4)}`;
}

function camera(i: number): Record<string, string> {
  return {
    indexCode: cameraId(i),
    name: `${pick(kPlaces, i)}${i % 2 ? '球机' : '枪机'}`,
    owner: pick(kOwners, i),
    status: i % 17 ? '1' : '0',
    secrecy: '0',
  };
}

export class DlVideo extends Sim {
  private nonces = new Map<string, number>();
  private tickets = new Map<string, Ticket>();

  override build(): void {
    this.open('GET', '/', (x) => x.redirect(`${this.origin}/vms/index.html`));
    this.asset('/vms/static/vms.css', 'text/css', 'body{background:#101820;color:#dde}a{color:#8cf}');
    this.asset('/vms/static/vms.png', 'image/png', png(100, 30, [10, 120, 220]));
    this.asset('/vms/static/vms.js', 'application/javascript', staticFile('dl-video.js'));
    this.open('POST', '/api/sso/token', (x) => this.mint(x));
    this.open('POST', '/artemis/api/resource/v1/cameras', (x) => this.cameras(x));
    this.open('GET', '/vms/sso', (x) => this.sso(x));
    this.open('GET', '/vms/login.html', (x) => x.html(this.plain('会话已失效，请从统一门户登录')));
    this.open('GET', '/vms/logout', (x) => this.logout(x));
    this.page('GET', '/vms/index.html', (x, who) =>
      this.layout(x, who, '首页', '<p>在线：<span id="status">…</span></p>'),
    );
    this.page('GET', '/vms/camera/list', (x, who) => this.list(x, who));
    this.page('GET', /^\/vms\/camera\/(\d{20})$/, (x, who) => this.detail(x, who));
    this.page('GET', '/vms/favorite', (x, who) =>
      this.layout(
        x,
        who,
        '收藏分组',
        `<form method="post" action="${this.origin}/vms/favorite"><input name="groupName"><button>新建</button></form>`,
      ),
    );
    this.page('POST', '/vms/favorite', (x, who) => this.favorite(x, who));
    this.page('GET', '/vms/api/status', (x, who) =>
      x.sendJson({ code: '0', data: { user: who.name, online: 2575, total: kCameras } }),
    );
    this.page('GET', '/vms/api/preview', (x) =>
      x.sendJson({
        code: '0',
        data: {
          url: `ws://10.99.2.20:559/live/${x.query().get('id')}?t=${randomBytes(6).toString('hex')}`,
          expiresIn: 300,
        },
      }),
    );
    this.page('POST', '/vms/api/keepalive', (x) => x.sendJson({ code: '0' }));
    this.page('GET', '/vms/export', (x) => this.download(x));
  }

  override changePassword(username: string | undefined): boolean {
    return username === undefined && this.accounts.rotate('sk', 'base64url');
  }

  override reset(): void {
    super.reset();
    this.nonces.clear();
    this.tickets.clear();
  }

  protected override enter(x: Exchange): Account | undefined {
    const session = this.sessions.touch(x.cookie(this.cookieName(kCookie)));
    if (session) {
      x.session = session.id;
      return session.account;
    }
    if (x.path.startsWith('/vms/api/')) x.sendJson({ code: '0x00072001', msg: 'session expired' }, { status: 401 });
    else x.redirect('/vms/login.html');
    return undefined;
  }

  /** Code and reason, or undefined when the signature is good. */
  private signatureProblem(x: Exchange): [code: string, msg: string] | undefined {
    const one = (name: string): string => (x.headers(name).length === 1 ? x.header(name) : '');
    if (one('x-ca-key') !== this.accounts.secret('ak')) return ['0x02401002', 'app key is invalid'];
    const signed = ['x-ca-key', 'x-ca-nonce', 'x-ca-timestamp'].map((h) => `${h}:${one(h)}`);
    const text = [x.method, one('accept'), one('content-type'), ...signed, x.target].join('\n');
    const wanted = createHmac('sha256', this.accounts.secret('sk')).update(text, 'utf8').digest();
    const sent = Buffer.from(one('x-ca-signature'), 'base64');
    if (sent.length !== wanted.length || !timingSafeEqual(sent, wanted)) return ['0x02401003', 'signature error'];
    const now = this.now();
    if (!/^\d{13}$/.test(one('x-ca-timestamp')) || Math.abs(now - Number(one('x-ca-timestamp'))) > kWindowMs)
      return ['0x02401005', 'timestamp out of range'];
    const nonce = one('x-ca-nonce');
    for (const [n, at] of this.nonces) if (now - at > kWindowMs) this.nonces.delete(n);
    if (nonce === '' || this.nonces.has(nonce)) return ['0x02401004', 'nonce replayed'];
    this.nonces.set(nonce, now);
    return undefined;
  }

  private signed(x: Exchange): boolean {
    const problem = this.signatureProblem(x);
    if (!problem) return true;
    this.note(x, 'refused', problem[1]);
    x.sendJson({ code: problem[0], msg: problem[1], data: null });
    return false;
  }

  private mint(x: Exchange): void {
    if (!this.signed(x)) return;
    const name = String(x.json()['userName'] ?? '');
    const account = this.accounts.find(name);
    if (!account) {
      this.note(x, 'login_failed', `user ${name}`);
      return x.sendJson({ code: '0x02401007', msg: 'user not exist', data: null });
    }
    const token = randomBytes(24).toString('base64url');
    this.tickets.set(token, { account, atMs: this.now() });
    x.account = account;
    x.sendJson({ code: '0', msg: 'success', data: { token, expiresIn: kTicketMs / 1000 } });
  }

  private sso(x: Exchange): void {
    const token = x.query().get('token');
    const ticket = this.tickets.get(token);
    this.tickets.delete(token);
    if (!ticket || this.now() - ticket.atMs > kTicketMs) {
      this.note(x, 'refused', ticket ? 'ticket too old' : 'ticket unknown or used before', { status: 403 });
      return x.html(this.plain('403 令牌无效或已使用'), { status: 403 });
    }
    const session = this.sessions.create(ticket.account);
    x.account = ticket.account;
    x.session = session.id;
    this.note(x, 'login', '');
    x.setCookie(this.cookieName(kCookie), session.id, 'Path=/vms; HttpOnly');
    const target = x.query().get('target');
    x.redirect(this.origin + (/^\/vms\/[\x21-\x7e]*$/.test(target) ? target : '/vms/index.html'));
  }

  private logout(x: Exchange): void {
    const ended = this.sessions.end(x.cookie(this.cookieName(kCookie)) ?? '', 'logout');
    if (ended) this.note(x, 'logout', '', { account: ended.account, session: ended.id });
    x.setCookie(this.cookieName(kCookie), '', 'Path=/vms; HttpOnly; Max-Age=0');
    x.redirect('/vms/login.html');
  }

  private cameras(x: Exchange): void {
    if (!this.signed(x)) return;
    const body = x.json();
    const pageNo = positive(String(body['pageNo'] ?? ''), 1);
    const pageSize = Math.min(positive(String(body['pageSize'] ?? ''), kPageSize), kMaxPageSize);
    const list: Record<string, string>[] = [];
    for (let i = (pageNo - 1) * pageSize + 1; i <= Math.min(pageNo * pageSize, kCameras); i++) list.push(camera(i));
    x.sendJson({ code: '0', msg: 'success', data: { total: kCameras, pageNo, pageSize, list } });
  }

  private layout(x: Exchange, who: Account, title: string, body: string): void {
    x.html(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>${title} - ${this.info.name_zh}</title><link rel="stylesheet" href="/vms/static/vms.css"></head>
<body><img src="/vms/static/vms.png" alt=""><h1>${this.info.name_zh}</h1><p>用户：<b id="user">${esc(who.name)}</b>（${esc(who.org)}）
<a href="/vms/index.html">首页</a> <a href="${this.origin}/vms/camera/list?page=1">摄像机</a> <a href="/vms/favorite">分组</a> <a href="/vms/export">导出</a> <a href="/vms/logout">退出</a></p>
${body}<script src="${this.origin}/vms/static/vms.js"></script></body></html>`);
  }

  private list(x: Exchange, who: Account): void {
    const page = positive(x.query().get('page'), 1);
    const rows = Array.from({ length: kPageSize }, (_, i) => (page - 1) * kPageSize + i + 1)
      .filter((i) => i <= kCameras)
      .map((i) => [
        `<a href="/vms/camera/${cameraId(i)}">${cameraId(i)}</a>`,
        camera(i)['name'] ?? '',
        pick(kOwners, i),
      ]);
    this.layout(x, who, '摄像机', `${table(['编码', '名称', '归属'], rows)}<a href="list?page=${page + 1}">下一页</a>`);
  }

  private detail(x: Exchange, who: Account): void {
    const i = positive((x.params[0] ?? '').slice(-4), 1);
    this.layout(
      x,
      who,
      '摄像机',
      `<p>${x.params[0] ?? ''} ${camera(i)['name'] ?? ''} ${pick(kOwners, i)}</p><button id="preview" data-id="${x.params[0] ?? ''}">预览</button>`,
    );
  }

  private favorite(x: Exchange, who: Account): void {
    const form = x.form();
    const problem = form.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    this.layout(x, who, '分组已建', `<p>已新建分组：<b id="group">${esc(form.get('groupName'))}</b></p>`);
  }

  private download(x: Exchange): void {
    const rows = Array.from({ length: 200 }, (_, i) => Object.values(camera(i + 1)).join(','));
    x.download(
      Buffer.from('\ufeff' + rows.join('\r\n'), 'utf8'),
      'application/octet-stream',
      `attachment; filename*=utf-8''${percentEncode('摄像机清单.csv', 'utf8')}`,
    );
  }
}
