// ln-party: Laravel pages; OAuth 2 that is not quite: the token comes form-encoded, goes into the query, and errors have status 200.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { asKey, changed, day, key, moment, text, whole } from '../columns.ts';
import { kPlainWire } from '../http.ts';
import { PagedRest } from '../paged.ts';
import type { Page } from '../paged.ts';
import { Refusal } from '../rest.ts';
import type { Reach } from '../source.ts';
import { Tokens } from '../tokens.ts';
import { bureau, matter, serial } from '../values.ts';

const kClient = 'district';

export class LnParty extends PagedRest {
  private readonly secret = randomBytes(18).toString('base64url');
  private readonly tokens = new Tokens(7_200_000, () => this.now());

  constructor() {
    super('ln-party', {
      wire: kPlainWire,
      page: 'page',
      first: 1,
      size: 'per_page',
      maxSize: 100,
      since: 'updated_at',
      gone: { name: 'deleted_at', yes: '2026-11-01 00:00:00' },
    });
    const time = changed('updated_at', 'updated_at');
    const study = [
      key('member_no', serial('21029919', 10), 'member_no'),
      asKey({ ...text('id', serial('', 6)), kind: 'integer', make: (_, n) => n }),
      text('course', matter),
      whole('minutes', 5, 120),
      whole('score', 0, 100),
      moment('studied_at', 'studied_at'),
      time,
    ];
    this.table('study', 700, study, 'ZS-DJ-027');
    this.table('course', 90, [key('course', (r, n) => `${String(matter(r, n))}${n}`), text('lecturer', bureau), whole('hours', 1, 16), day('published_on', 'published_on'), time], 'ZS-DJ-028');
  }

  protected override build(): void {
    this.api('post', '/oauth/token', (x) => {
      const form = x.form();
      if (form.get('client_id') !== kClient || form.get('client_secret') !== this.secret) throw new Refusal('40029', 'invalid client');
      x.text(`access_token=${this.tokens.give()}%2B&expires_in=7200`, 'application/x-www-form-urlencoded');
    });
    for (const [name, table] of this.tables) this.api('get', `/api/${name}`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('secret');
    const request = {
      path: '/oauth/token',
      type: 'application/x-www-form-urlencoded',
      body: 'grant_type=client_credentials&client_id={user|encode}&client_secret={password|encode}',
    };
    const auth = { kind: 'token', user: kClient, password: `env:${env}`, request, format: 'form', token: 'access_token' };
    const errors = { at: '/errcode', good: ['0'], message: '/errmsg', kinds: { '40029': 'unauthenticated' } };
    return { source: { auth, errors }, env: { [env]: this.secret } };
  }

  protected override enter(x: Exchange): void {
    const token = x.query().get('access_token');
    if (!token.endsWith('+') || !this.tokens.good(token.slice(0, -1))) throw new Refusal('40029', 'invalid token');
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ errcode: Number(refusal.code) || 40000, errmsg: refusal.message });
  }

  protected override answer(x: Exchange, page: Page): void {
    const last = Math.max(1, Math.ceil(page.total / page.size));
    const next = page.page < last ? `${this.origin}/api/${page.table.name}?page=${page.page + 1}` : null;
    x.sendJson({ current_page: page.page, data: page.rows, last_page: last, next_page_url: next, total: page.total });
  }
}
