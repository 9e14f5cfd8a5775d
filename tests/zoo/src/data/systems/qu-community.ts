// qu-community: what residents write: emoji, characters of four bytes, telephone numbers inside free text.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { changed, code, day, key, moment, text, whole } from '../columns.ts';
import type { Column, Make } from '../columns.ts';
import { kPlainWire } from '../http.ts';
import { PagedRest } from '../paged.ts';
import type { Page } from '../paged.ts';
import { Refusal } from '../rest.ts';
import type { Reach } from '../source.ts';
import { community, firm, matter, person, phone, prose, serial, take } from '../values.ts';

const kStates = { '1': '收集', '2': '社区处置', '3': '街道处置', '4': '区级处置', '5': '办结' };
const kScores = { '5': '很满意', '4': '满意', '3': '一般', '2': '不满意', '1': '很不满意' };
const kRare = ['😀', '👨‍👩‍👧', '𠮷', '🏚️', '䶮', '👍🏽'];
const kIssues = 6000;

const chatter: Make = (r, n) => `${String(prose(r, n))}${take(r, kRare)} 我的电话${String(phone(r, n))}${take(r, kRare)}`;

/** A list of pictures stays the JSON that it is. */
const pictures: Column = {
  ...text('images', (_, n) => JSON.stringify(n % 3 ? [`/img/${n}.jpg`] : [`/img/${n}.jpg`, `/img/${n}😀.png`])),
  kind: 'json',
};

export class QuCommunity extends PagedRest {
  private readonly token = randomBytes(24).toString('base64url');

  constructor() {
    super('qu-community', {
      wire: kPlainWire,
      page: 'page',
      first: 1,
      size: 'size',
      maxSize: 500,
      since: 'mtime',
      gone: { name: 'hidden', yes: 1, no: 0 },
    });
    const time = changed('mtime');
    this.table('notice', 150, [key('nid', serial('', 7)), text('title', matter), whole('reads', 0, 9000), moment('ptime'), time], 'ZS-MS-051');
    this.table('team', 60, [key('team_code', serial('ZY', 5)), text('name', firm), text('leader', person), whole('members', 3, 300), day('founded_on', 'foundedOn'), time], 'ZS-MS-052');
    const issues = this.table('issue', kIssues, [
      key('iid', serial('', 9)),
      text('uid', serial('u', 31)),
      text('community', community),
      text('content', chatter, 'text'),
      pictures,
      moment('ctime'),
      code('state', kStates),
      code('score', kScores),
      time,
    ]);
    this.view('ZS-SQ-021', issues, ['iid', 'uid', 'community', 'content', 'images', 'ctime', 'state', 'mtime']);
    this.view('ZS-SQ-022', issues, ['iid', 'score', 'mtime']);
    this.table('shop', 90, [key('shop_id', serial('S', 6)), text('brand', firm), text('owner_name', person), text('phone', phone), text('community', community), time], 'ZS-WL-019');
  }

  protected override build(): void {
    for (const [name, table] of this.tables) this.api('get', `/sqt/api/${name}`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('token');
    return { source: { auth: { kind: 'bearer', token: `env:${env}` } }, env: { [env]: this.token } };
  }

  protected override enter(x: Exchange): void {
    if (x.header('authorization') !== `Bearer ${this.token}`) throw new Refusal('AUTH_FAILED', 'token');
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ error: refusal.message }, { status: refusal.code === 'AUTH_FAILED' ? 401 : 400 });
  }

  protected override answer(x: Exchange, page: Page): void {
    const rows = page.rows.map((row) => (row['images'] ? { ...row, images: JSON.parse(String(row['images'])) } : row));
    x.sendJson({ data: rows, meta: { total: page.total, page: page.page } });
  }
}
