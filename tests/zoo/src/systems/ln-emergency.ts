// ln-emergency: C# service of 2018, HTTP Digest on everything, no session of its own.
// Known: RFC 7616 (two challenges, stale, nextnonce, rspauth, uri check). Assumed: nonce 300 s, nc strictly increasing with gaps
// allowed, nextnonce from 200 s on. As Apache's mod_auth_digest: an out-of-order nc is 401 without stale, an unknown nonce with
// a right digest (the server was restarted) is 401 with it.
import { randomBytes } from 'node:crypto';
import { png } from '../core/assets.ts';
import { percentEncode } from '../core/charset.ts';
import type { Exchange } from '../core/exchange.ts';
import { esc, pad, pick, positive, table } from '../core/html.ts';
import { Sim } from '../core/sim.ts';
import { staticFile } from '../core/static.ts';
import type { Account } from '../core/types.ts';
import { digestAnswers, kAlgorithms, parseDigest } from './digest.ts';
import type { DigestFields } from './digest.ts';

const kRealm = 'EMG';
const kOpaque = '5ccc069c403ebaf9f0171e9517f40e41';
const kNonceLifeMs = 300_000;
const kNextNonceMs = 200_000;
const kForgetMs = 3_600_000;
const kPlans = ['防台风应急预案', '防汛应急预案', '森林火灾应急预案', '危化品事故预案', '供热中断应急预案'];
const kStates = ['待处置', '处置中', '已办结'];

interface Nonce {
  atMs: number;
  lastNc: number;
  stale: boolean;
  used: boolean;
}

export class LnEmergency extends Sim {
  private nonces = new Map<string, Nonce>();

  override build(): void {
    this.open('GET', '/', (x) => x.redirect(`${this.origin}/emg/`));
    this.guarded('/emg/css/emg.css', 'text/css', 'body{background:#eef}');
    this.guarded('/emg/img/emg.png', 'image/png', png(80, 40, [20, 40, 140]));
    this.guarded('/emg/js/emg.js', 'text/javascript', staticFile('ln-emergency.js'));
    this.page('GET', '/emg/', (x, who) => this.home(x, who));
    this.page('GET', '/emg/plan.aspx', (x, who) => this.plans(x, who));
    this.page('GET', '/emg/task.aspx', (x, who) => this.task(x, who));
    this.page('GET', '/emg/search.aspx', (x, who) =>
      this.layout(x, who, '检索', `<p>关键字：<b id="q">${esc(x.query().get('q'))}</b></p>`),
    );
    this.page('GET', '/emg/report.aspx', (x, who) =>
      this.layout(
        x,
        who,
        '信息报送',
        `<form method="post" action="report.aspx"><input name="title"><textarea name="content"></textarea><button>报送</button></form>`,
      ),
    );
    this.page('POST', '/emg/report.aspx', (x, who) => this.report(x, who));
    this.page('GET', '/emg/task.xml', (x) => this.taskXml(x));
    this.page('GET', '/emg/cap/feed.xml', (x) => this.feed(x));
    this.page('GET', '/emg/api/duty.ashx', (x, who) =>
      x.sendJson({ duty: who.name, level: '橙色', at: new Date(this.now()).toISOString() }),
    );
    this.page('GET', '/emg/download.ashx', (x) => this.download(x));
  }

  override expire(_what: string): number {
    let count = 0;
    for (const n of this.nonces.values()) if (!n.stale) count += Number((n.stale = true));
    return count;
  }

  override reset(): void {
    super.reset();
    this.nonces.clear();
  }

  protected override enter(x: Exchange): Account | undefined {
    const sent = x.headers('authorization');
    if (sent.length === 0) return this.challenge(x, false);
    const fields = sent.length > 1 ? 'Authorization sent twice' : parseDigest(sent[0] ?? '');
    if (typeof fields === 'string') return this.bad(x, fields);
    if (fields['uri'] !== x.target) return this.bad(x, `uri ${fields['uri'] ?? ''} is not the request target`);
    if (fields['realm'] !== kRealm || fields['opaque'] !== kOpaque)
      return this.refuse(x, 'realm or opaque is not ours', false);
    const account = this.accounts.find(fields['username'] ?? '');
    const answers = account ? digestAnswers(fields, x.method, account.password) : undefined;
    if (!account || !answers || answers.response !== fields['response']) {
      this.note(x, 'login_failed', `user ${fields['username'] ?? ''}`, { account, status: 401 });
      return this.challenge(x, false);
    }
    const nonce = this.nonces.get(fields['nonce'] ?? '');
    if (!nonce) return this.refuse(x, 'nonce is not ours', true);
    const nc = parseInt(fields['nc'] ?? '', 16);
    if (nc <= nonce.lastNc) return this.refuse(x, `nc ${nc} after ${nonce.lastNc}: replay`, false);
    nonce.lastNc = nc;
    const age = this.now() - nonce.atMs;
    if (nonce.stale || age > kNonceLifeMs) {
      this.note(x, 'expired', 'nonce is stale', { account, session: fields['nonce'] });
      return this.challenge(x, true);
    }
    this.welcome(x, account, nonce, fields, answers.rspauth);
    return account;
  }

  private welcome(x: Exchange, account: Account, nonce: Nonce, f: DigestFields, rspauth: string): void {
    x.account = account;
    x.session = f['nonce'];
    if (!nonce.used) {
      nonce.used = true;
      this.note(x, 'login', `algorithm ${f['algorithm'] ?? 'MD5'}`);
    }
    const next = this.now() - nonce.atMs >= kNextNonceMs ? `, nextnonce="${this.newNonce()}"` : '';
    x.res.setHeader(
      'Authentication-Info',
      `qop=auth, rspauth="${rspauth}", cnonce="${f['cnonce']}", nc=${f['nc']}${next}`,
    );
  }

  private newNonce(): string {
    const now = this.now();
    for (const [text, n] of this.nonces) if (now - n.atMs > kForgetMs) this.nonces.delete(text);
    const text = randomBytes(18).toString('base64');
    this.nonces.set(text, { atMs: now, lastNc: 0, stale: false, used: false });
    return text;
  }

  private challenge(x: Exchange, stale: boolean): undefined {
    const nonce = this.newNonce();
    const one = (algorithm: string): string =>
      `Digest realm="${kRealm}", qop="auth", algorithm=${algorithm}, nonce="${nonce}", opaque="${kOpaque}", charset=UTF-8${stale ? ', stale=true' : ''}`;
    x.res.setHeader('WWW-Authenticate', Object.keys(kAlgorithms).map(one));
    x.html(this.plain('401 未授权'), { status: 401 });
    return undefined;
  }

  private refuse(x: Exchange, why: string, stale: boolean): undefined {
    this.note(x, 'refused', why, { status: 401 });
    return this.challenge(x, stale);
  }

  private bad(x: Exchange, why: string): undefined {
    this.note(x, 'refused', why, { status: 400 });
    x.html(this.plain('400 Bad Request'), { status: 400 });
    return undefined;
  }

  private layout(x: Exchange, who: Account, title: string, body: string): void {
    x.html(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>${title} - ${this.info.name_zh}</title><link rel="stylesheet" href="/emg/css/emg.css"></head>
<body><img src="/emg/img/emg.png" alt=""><h1>${this.info.name_zh}</h1><p>值班：<b id="user">${esc(who.name)}</b>（${esc(who.org)}）
<a href="/emg/">首页</a> <a href="${this.origin}/emg/plan.aspx">预案</a> <a href="/emg/search.aspx?q=${percentEncode('防汛', 'utf8')}&area=(全区)">检索</a> <a href="/emg/report.aspx">报送</a></p>
${body}<script src="/emg/js/emg.js"></script></body></html>`);
  }

  private home(x: Exchange, who: Account): void {
    const rows = [1, 2, 3].map((i) => [
      `<a href="task.aspx?id=T${pad(i, 4)}">T${pad(i, 4)}</a>`,
      pick(kPlans, i),
      pick(kStates, i),
    ]);
    this.layout(x, who, '首页', `<p>当前响应：<span id="duty">…</span></p>${table(['任务', '预案', '状态'], rows)}`);
  }

  private plans(x: Exchange, who: Account): void {
    const rows = kPlans.map((p, i) => [p, `<a href="${this.origin}/emg/download.ashx?id=${i + 1}">下载</a>`]);
    this.layout(x, who, '预案', table(['名称', ''], rows));
  }

  private task(x: Exchange, who: Account): void {
    const id = x.query().get('id');
    const i = positive(id.slice(1), 1);
    this.layout(x, who, '任务', `<p>任务 ${esc(id)}：${pick(kPlans, i)}，${pick(kStates, i)}</p>`);
  }

  private report(x: Exchange, who: Account): void {
    const form = x.form();
    const problem = form.charsetProblem();
    if (problem !== '') this.note(x, 'refused', `charset: ${problem}`);
    this.layout(
      x,
      who,
      '报送成功',
      `<p>已报送：<b id="title">${esc(form.get('title'))}</b></p><p id="content">${esc(form.get('content'))}</p>`,
    );
  }

  private taskXml(x: Exchange): void {
    const tasks = [1, 2, 3].map(
      (i) =>
        `<task taskid="T${pad(i, 4)}" state="${i === 2 ? 'closed' : 'open'}"><title>${pick(kPlans, i)}</title></task>`,
    );
    x.text(
      `<?xml version="1.0" encoding="utf-8"?><tasks org="${esc(x.query().get('org'))}">${tasks.join('')}</tasks>`,
      'text/xml',
    );
  }

  private feed(x: Exchange): void {
    const alerts = Array.from(
      { length: 20 },
      (
        _,
        i,
      ) => `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>EMG-210299-${pad(i + 1, 6)}</identifier>
<msgType>Alert</msgType><info><headline>${pick(kPlans, i).replace('应急预案', '')}预警</headline></info></alert>`,
    );
    x.text(
      `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">${alerts.join('')}</feed>`,
      'application/atom+xml',
    );
  }

  private download(x: Exchange): void {
    const name = `${pick(kPlans, positive(x.query().get('id'), 1) - 1)}.txt`;
    x.download(
      Buffer.from(`${name}\r\n一、总则\r\n`, 'utf8'),
      'application/octet-stream',
      `attachment; filename="plan.txt"; filename*=UTF-8''${percentEncode(name, 'utf8')}`,
    );
  }
}
