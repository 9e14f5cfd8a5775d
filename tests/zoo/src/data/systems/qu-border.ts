// qu-border: fixed width in GBK over HTTP/1.0 by a server of its own: no length, the connection is closed at the end, and the
// line breaks off now and then (the trait of this system). The last line says how many records there are. `d` is the day since
// which records were written or corrected.
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { encode } from '../../core/charset.ts';
import { localText } from '../columns.ts';
import type { Cell, Column } from '../columns.ts';
import { fixedLine } from '../fixed.ts';
import { kPlainWire, written } from '../http.ts';
import { DataSource } from '../source.ts';
import type { Reach } from '../source.ts';
import { kTables } from '../tables/qu-border.ts';

const kWidths: Record<string, readonly number[]> = {
  route: [12, 40, 40, 6, 12],
  list: [12, 8, 20, 3, 60, 11, 10, 1],
};
const kWire = { ...kPlainWire, day: (day: string): Cell => day.replaceAll('-', '') };

export class QuBorder extends DataSource {
  private readonly operator = randomBytes(6).toString('hex');
  private server: Server | undefined;
  private origin = '';

  constructor() {
    super('qu-border');
    for (const t of kTables) this.table(t.name, t.size, t.columns, t.item);
  }

  override async start(host: string): Promise<void> {
    this.server = createServer((socket) => this.serve(socket));
    await new Promise<void>((done) => this.server?.listen(0, host, done));
    this.origin = `http://${host}:${(this.server.address() as AddressInfo).port}`;
  }

  override async stop(): Promise<void> {
    await new Promise<void>((done) => (this.server ? this.server.close(() => done()) : done()));
  }

  override reach(): Reach {
    const auth = { kind: 'header', header: 'X-Op', value: 'env:ZOO_QU_BORDER_OP' };
    return { source: { kind: 'http', base: this.origin, auth }, env: { ZOO_QU_BORDER_OP: this.operator } };
  }

  private serve(socket: Socket): void {
    let head = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      head += bytes.toString('latin1');
      if (head.includes('\r\n\r\n')) this.answer(socket, head);
    });
  }

  private answer(socket: Socket, head: string): void {
    const [, target = ''] = head.split(' ');
    this.event('request', '', target);
    if (!head.toLowerCase().includes(`\r\nx-op: ${this.operator}\r\n`)) {
      this.refused('wrong operator code', target);
      return void socket.resetAndDestroy();
    }
    const url = new URL(target, this.origin);
    const table = this.tables.get(url.pathname.replace('/bj/', ''));
    const since = url.searchParams.get('d') ?? '00000000';
    if (!table || !/^\d{8}$/.test(since)) {
      this.refused('no such list', target);
      return void socket.end('HTTP/1.0 404 Not Found\r\n\r\n');
    }
    const rows = table
      .list()
      .filter((row) => localText(row.changedMs).slice(0, 10).replaceAll('-', '') >= since)
      .map((row) => table.columns.map((c) => written(c, row.cells[c.name] ?? null, kWire)));
    const lines = rows.map((cells) => this.line(table.name, table.columns, cells));
    const body = encode([...lines, `EOF ${lines.length}`].join('\r\n') + '\r\n', 'GBK');
    const cut = this.faults.take(target).has('cut_body');
    socket.write('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nServer: bj/1.0\r\n\r\n');
    socket.end(cut ? body.subarray(0, Math.floor(body.length / 2)) : body);
  }

  private line(table: string, columns: readonly Column[], cells: readonly Cell[]): string {
    return fixedLine(columns.map((c, i) => ({ value: cells[i] ?? null, width: kWidths[table]?.[i] ?? 0, right: c.kind === 'decimal' })));
  }
}
