// Folders served by FTP (ftp-srv): one account, reading only, passive mode. Like many old servers it does not know MLSD.
import { FileSystem, FtpSrv } from 'ftp-srv';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { DropData } from './drop.ts';
import type { DroppedFile } from './drop.ts';
import type { Reach } from './source.ts';

const kFolder = '/out';

/** What ftp-srv wants to know of a file: as `fs.Stats`. */
function facts(name: string, folder: boolean, size: number, modifiedMs: number): Record<string, unknown> {
  const mode = folder ? 0o40555 : 0o100444;
  return { name, size, mode, nlink: 1, uid: 0, gid: 0, mtime: new Date(modifiedMs), isDirectory: () => folder, isFile: () => !folder };
}

class DropFolder extends FileSystem {
  private at = '/';

  constructor(
    connection: ConstructorParameters<typeof FileSystem>[0],
    private readonly source: DropData,
  ) {
    super(connection, { root: '/', cwd: '/' });
  }

  override currentDirectory(): string {
    return this.at;
  }

  override async chdir(path = '.'): Promise<string> {
    if (path !== '.' && path !== '/' && path.replace(/^\//, '') !== kFolder.slice(1)) throw new Error('no such folder');
    if (path !== '.') this.at = path.startsWith('/') ? path : `/${path}`;
    return this.at;
  }

  override async get(name: string): Promise<unknown> {
    if (name === '.' || name === this.at) return facts(name, true, 0, Date.now());
    const file = this.find(name);
    return facts(name, false, file.bytes.length, file.modifiedMs);
  }

  override async list(): Promise<unknown> {
    if (this.at !== kFolder) return [facts(kFolder.slice(1), true, 0, Date.now())];
    const files = this.source.list().map((f) => facts(f.name, false, f.bytes.length, f.modifiedMs));
    return [facts('archive', true, 0, Date.now()), ...files];
  }

  override async read(name: string): Promise<unknown> {
    const file = this.find(name);
    this.source.fetched(file.name);
    return { stream: Readable.from([file.bytes]), clientPath: name };
  }

  override write(): never {
    throw new Error('reading only');
  }

  private find(name: string): DroppedFile {
    const base = name.split('/').pop() ?? '';
    const file = this.at === kFolder || name.startsWith(`${kFolder}/`) ? this.source.files.get(base) : undefined;
    if (!file) throw new Error('no such file');
    return file;
  }
}

async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, host, done));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((done) => void probe.close(() => done()));
  return port;
}

const kSilent = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, () => undefined]));
const kLog: Record<string, unknown> = { ...kSilent, child: () => kLog };

export abstract class FtpData extends DropData {
  private server: FtpSrv | undefined;
  private port = 0;
  private host = '';

  override async start(host: string): Promise<void> {
    this.reset(1);
    this.host = host;
    this.port = await freePort(host);
    this.server = new FtpSrv({ url: `ftp://${host}:${this.port}`, pasv_url: host, greeting: 'Microsoft FTP Service', log: kLog });
    this.server.on('login', ({ connection, username, password }, resolve, reject) => {
      if (this.allowed(username, password)) resolve({ fs: new DropFolder(connection, this) });
      else reject(new Error('Login incorrect'));
    });
    await this.server.listen();
  }

  override async stop(): Promise<void> {
    await this.server?.close();
  }

  override reach(): Reach {
    const env = `ZOO_${this.id.toUpperCase().replace(/-/g, '_')}_PASSWORD`;
    const at = { kind: 'ftp', host: this.host, port: this.port, folder: kFolder };
    const server = { ...at, user: this.user, password: `env:${env}` };
    return { source: { kind: 'files', server }, env: { [env]: this.password } };
  }
}
