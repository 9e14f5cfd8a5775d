// qu-videohub: cameras of the police and of the district in one list: the same camera stands there under two numbers of the
// platform, one national number (GB/T 28181) in both.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { changed, code, key, text, whole } from '../columns.ts';
import { kPlainWire } from '../http.ts';
import type { Ledger, Row } from '../ledger.ts';
import { PagedRest } from '../paged.ts';
import type { Page } from '../paged.ts';
import { Refusal } from '../rest.ts';
import type { Reach } from '../source.ts';
import { Tokens } from '../tokens.ts';
import { address, serial } from '../values.ts';

const kScenes = { '1': '森林防火', '2': '防台防汛', '3': '应急处置', '4': '冷链监管', '5': '校园周边', '6': '重点场所', '7': '其他' };
const kOwners = { '01': '雪亮工程', '02': '街道自建', '03': '委办局自建' };
const kOnline = { '0': '离线', '1': '在线' };
const kGroups = 12;
const kCameras = 4500;
/** Every fifteenth camera is registered twice: 4,800 lines. */
const kTwice = 15;
const kUser = 'vd_reader';
/** The scene of a camera is decided by its number and stays. */
const sceneOf = (row: Row): string => String(((row.n - 1) % 7) + 1);

export class QuVideohub extends PagedRest {
  private readonly password = randomBytes(12).toString('base64url');
  private readonly tokens = new Tokens(3_600_000, () => this.now());

  constructor() {
    super('qu-videohub', {
      wire: kPlainWire,
      page: 'page',
      first: 1,
      size: 'size',
      maxSize: 500,
      since: 'updated',
      gone: { name: 'flag', yes: 'D', no: 'N' },
    });
    const group = [key('group_id', serial('2102990008215600', 4)), text('name', address), code('scene', kScenes), whole('count', 10, 900), changed('updated')];
    this.table('groups', kGroups, group, 'ZS-JC-005');
    const cameras = this.table('cameras', kCameras, [
      key('device_id', serial('2102990008132700', 4), 'gbId'),
      text('group_id', (_, n) => `2102990008215600${String((n % kGroups) + 1).padStart(4, '0')}`),
      text('name', address),
      code('src', kOwners),
      code('status', kOnline),
      changed('updated'),
    ]);
    for (const [item, scene] of Object.entries({ 'ZS-JC-006': '1', 'ZS-JC-007': '2', 'ZS-JC-008': '6' }))
      this.view(item, cameras, undefined, (row) => sceneOf(row) === scene);
  }

  protected override build(): void {
    this.api('post', '/vd/api/login', (x) => {
      const { username, password } = x.json();
      if (username !== kUser || password !== this.password) throw new Refusal('401', 'bad credentials');
      x.sendJson({ code: 0, token: this.tokens.give() });
    });
    for (const [name, table] of this.tables) this.api('get', `/vd/api/${name}`, (x) => this.list(x, table));
  }

  protected override access(): Reach {
    const env = this.envName('password');
    const auth = {
      kind: 'token',
      user: kUser,
      password: `env:${env}`,
      request: { path: '/vd/api/login', body: '{{"username":"{user|json}","password":"{password|json}"}}' },
      token: '/token',
      errors: { at: '/code', good: ['0'] },
    };
    const errors = { at: '/code', good: ['0'], message: '/msg', kinds: { '401': 'unauthenticated' } };
    return { source: { auth, errors, headers: { 'X-Token': '{token}' } }, env: { [env]: this.password } };
  }

  protected override enter(x: Exchange): void {
    if (!this.tokens.good(x.header('x-token'))) throw new Refusal('401', 'token');
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ code: Number(refusal.code) || 400, msg: refusal.message });
  }

  protected override matches(x: Exchange, row: Row): boolean {
    const scene = x.query().get('scene');
    return scene === '' || sceneOf(row) === scene;
  }

  protected override shown(x: Exchange, table: Ledger): Row[] {
    return super.shown(x, table).flatMap((row) => (table.name === 'cameras' && row.n % kTwice === 0 ? [row, row] : [row]));
  }

  protected override answer(x: Exchange, page: Page): void {
    const list = page.rows.map((row, i) => ({ deviceId: `${page.page}-${i}`, ...row }));
    x.sendJson({ code: 0, total: page.total, list });
  }
}
