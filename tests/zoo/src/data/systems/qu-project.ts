// qu-project: whole lists without pages; what is not in the list is gone; on a fault of its own the list is empty, status 200.
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../core/exchange.ts';
import { asKey, code, day, decimal, key, text } from '../columns.ts';
import type { Make } from '../columns.ts';
import { kPlainWire, wireRow } from '../http.ts';
import { Refusal, RestData } from '../rest.ts';
import type { Reach } from '../source.ts';
import { firm, matter, person, serial } from '../values.ts';

const kStages = { '1': '谋划', '2': '前期', '3': '在建', '4': '竣工' };
const kLights = { G: '正常', Y: '滞后', R: '严重滞后' };
const kMonths = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10'];
const projectId: Make = (_, n) => String(1000 + n);

export class QuProject extends RestData {
  private readonly password = randomBytes(12).toString('base64url');
  private broken = false;

  constructor() {
    super('qu-project');
    const major = [
      key('proj_id', projectId),
      text('project_code', serial('2609-210299-04-01-', 6)),
      text('name', firm),
      decimal('invest', 1000, 900_000, 2),
      decimal('done', 0, 1000, 2),
      text('owner', firm),
      code('stage', kStages),
      day('plan_start'),
      day('plan_end', undefined, 2),
      code('light', kLights),
    ];
    this.table('projects', 240, major, 'ZS-JJ-001');
    const month = asKey(text('month', (_, n) => kMonths[n % kMonths.length] ?? ''));
    this.table('progress', 300, [key('proj_id', projectId), month, code('stage', kStages), text('note', matter)], 'ZS-JJ-002');
    this.table('spent', 300, [key('proj_id', projectId), month, decimal('done', 0, 9000, 2)], 'ZS-JJ-003');
    this.table('leaders', 240, [key('proj_id', projectId), text('leader', person), text('owner', firm)], 'ZS-JJ-004');
  }

  /** break {on}: answers empty lists as if all were well. */
  override async act(what: string, body: Record<string, unknown>): Promise<unknown> {
    if (what !== 'break') return super.act(what, body);
    this.broken = body['on'] !== false;
    return { ok: true };
  }

  override reset(seed: number): void {
    super.reset(seed);
    this.broken = false;
  }

  protected override build(): void {
    for (const [name, table] of this.tables) {
      this.api('get', `/zdxm/api/${name}`, (x) => {
        if (x.header('authorization') !== `Basic ${Buffer.from(`hub:${this.password}`).toString('base64')}`)
          throw new Refusal('AUTH_FAILED', 'name or password');
        const rows = this.broken ? [] : table.list().map((row) => wireRow(table.columns, row, kPlainWire));
        x.sendJson({ success: true, data: rows });
      });
    }
  }

  protected override access(): Reach {
    const env = this.envName('password');
    return { source: { auth: { kind: 'basic', user: 'hub', password: `env:${env}` } }, env: { [env]: this.password } };
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    x.sendJson({ success: false, msg: refusal.message }, { status: 401 });
  }
}
