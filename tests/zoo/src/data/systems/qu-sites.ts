// qu-sites: RSS of four sites in one content management system: the newest hundred articles, no more.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { changed, code, key, text } from '../columns.ts';
import { wireRow } from '../http.ts';
import { kPlainWire } from '../http.ts';
import { byChange, Refusal, RestData } from '../rest.ts';
import { withoutNull, xmlText } from '../soap.ts';
import type { Reach } from '../source.ts';
import { matter, oneOf, person, serial } from '../values.ts';

const kSites = { dj: '党建网', rd: '人大网', zf: '政府网', zx: '政协网' };
const kKept = 100;
const kCodes = Object.keys(kSites);

export class QuSites extends RestData {
  private readonly token = randomBytes(18).toString('base64url');

  constructor() {
    super('qu-sites');
    const articles = this.table('article', 90, [
      key('docid', serial('', 8)),
      { ...code('site', kSites), make: (_, n) => kCodes[n % kCodes.length] ?? null },
      text('channel', oneOf(['要闻', '公告', '专题'])),
      text('title', matter),
      text('author', person),
      text('url', serial('https://www.example/doc/', 8)),
      changed('pubdate', 'dc:date'),
    ]);
    this.view('ZS-WL-020', articles);
    this.view('ZS-DJ-029', articles, undefined, (row) => row.cells['site'] === 'dj');
  }

  protected override build(): void {
    this.api('get', '/wcm/rss', (x) => {
      if (x.header('authorization') !== `Bearer ${this.token}`) throw new Refusal('AUTH_FAILED', 'token');
      this.rss(x);
    });
  }

  protected override access(): Reach {
    const env = this.envName('token');
    return { source: { auth: { kind: 'bearer', token: `env:${env}` } }, env: { [env]: this.token } };
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.text(`<error>${refusal.message}</error>`, 'text/xml', { status: refusal.code === 'AUTH_FAILED' ? 401 : 400 });
  }

  private rss(x: Exchange): void {
    const site = x.query().get('site');
    const table = this.tables.get('article');
    const found = (table?.list() ?? []).filter((row) => site === 'all' || row.cells['site'] === site);
    const wire = { ...kPlainWire, moment: (ms: number) => new Date(ms).toISOString() };
    const item = found
      .sort((a, b) => byChange(b, a))
      .slice(0, kKept)
      .map((row) => ({
        guid: `${String(row.cells['docid'])}-${row.version}`,
        pubDate: new Date(row.changedMs).toUTCString(),
        ...withoutNull(wireRow(table?.columns ?? [], row, wire)),
      }));
    const rss = { '@version': '2.0', '@xmlns:dc': 'http://purl.org/dc/elements/1.1/', channel: { title: '网站集群', item } };
    x.text(`<?xml version="1.0" encoding="UTF-8"?>${xmlText({ rss })}`, 'application/rss+xml');
  }
}
