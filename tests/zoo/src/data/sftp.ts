// Folders served by SFTP (ssh2): one account, reading only, a key of its own on every start.
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import type { Attributes, AuthContext, Connection, SFTPWrapper } from 'ssh2';
import { DropData } from './drop.ts';
import type { DroppedFile } from './drop.ts';
import type { Reach } from './source.ts';

const { Server, utils } = ssh2;
const kStatus = utils.sftp.STATUS_CODE;
const kFolder = '/out';
const kFileMode = 0o100444;
const kFolderMode = 0o40555;

function attributes(file: DroppedFile | undefined): Attributes {
  const seconds = Math.floor((file?.modifiedMs ?? Date.now()) / 1000);
  return { mode: file ? kFileMode : kFolderMode, uid: 0, gid: 0, size: file?.bytes.length ?? 0, atime: seconds, mtime: seconds };
}

/** One client's handles. */
class Session {
  private readonly open = new Map<number, { file?: DroppedFile; listed: boolean }>();
  private next = 1;

  constructor(
    private readonly sftp: SFTPWrapper,
    private readonly source: DropData,
  ) {
    sftp.on('REALPATH', (id, path) => {
      sftp.name(id, [{ filename: path === '.' ? '/' : path, longname: path, attrs: attributes(undefined) }]);
    });
    sftp.on('OPENDIR', (id, path) => this.openFolder(id, path));
    sftp.on('READDIR', (id, handle) => this.readFolder(id, handle));
    sftp.on('OPEN', (id, path, flags) => this.openFile(id, path, flags));
    sftp.on('READ', (id, handle, offset, length) => this.read(id, handle, offset, length));
    sftp.on('STAT', (id, path) => this.stat(id, path));
    sftp.on('LSTAT', (id, path) => this.stat(id, path));
    sftp.on('FSTAT', (id, handle) => this.attrs(id, this.of(handle)?.file));
    sftp.on('CLOSE', (id, handle) => {
      this.open.delete(handle.readUInt32BE(0));
      sftp.status(id, kStatus.OK);
    });
  }

  private of(handle: Buffer): { file?: DroppedFile; listed: boolean } | undefined {
    return this.open.get(handle.readUInt32BE(0));
  }

  private handle(id: number, what: { file?: DroppedFile; listed: boolean }): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.next);
    this.open.set(this.next++, what);
    this.sftp.handle(id, bytes);
  }

  private find(path: string): DroppedFile | undefined {
    return path.startsWith(`${kFolder}/`) ? this.source.files.get(path.slice(kFolder.length + 1)) : undefined;
  }

  private isFolder(path: string): boolean {
    return ['/', kFolder, `${kFolder}/`].includes(path);
  }

  private openFolder(id: number, path: string): void {
    if (this.isFolder(path)) this.handle(id, { listed: false });
    else this.sftp.status(id, kStatus.NO_SUCH_FILE);
  }

  private readFolder(id: number, handle: Buffer): void {
    const at = this.of(handle);
    if (!at || at.listed) return void this.sftp.status(id, kStatus.EOF);
    at.listed = true;
    const names = this.source.list().map((f) => {
      return { filename: f.name, longname: `-r--r--r-- 1 0 0 ${f.bytes.length} ${f.name}`, attrs: attributes(f) };
    });
    this.sftp.name(id, [{ filename: 'archive', longname: 'dr-xr-xr-x 2 0 0 0 archive', attrs: attributes(undefined) }, ...names]);
  }

  private openFile(id: number, path: string, flags: number): void {
    const file = this.find(path);
    if (!file) return void this.sftp.status(id, kStatus.NO_SUCH_FILE);
    if ((flags & utils.sftp.OPEN_MODE.WRITE) !== 0) return void this.sftp.status(id, kStatus.PERMISSION_DENIED);
    this.source.fetched(file.name);
    this.handle(id, { file, listed: true });
  }

  private read(id: number, handle: Buffer, offset: number, length: number): void {
    const bytes = this.of(handle)?.file?.bytes;
    if (!bytes) return void this.sftp.status(id, kStatus.FAILURE);
    if (offset >= bytes.length) return void this.sftp.status(id, kStatus.EOF);
    this.sftp.data(id, bytes.subarray(offset, offset + length));
  }

  private stat(id: number, path: string): void {
    const file = this.find(path);
    if (file || this.isFolder(path) || path === `${kFolder}/archive`) this.attrs(id, file);
    else this.sftp.status(id, kStatus.NO_SUCH_FILE);
  }

  private attrs(id: number, file: DroppedFile | undefined): void {
    this.sftp.attrs(id, attributes(file));
  }
}

export abstract class SftpData extends DropData {
  private readonly key = utils.generateKeyPairSync('ed25519');
  private server: ssh2.Server | undefined;
  private host = '';
  private port = 0;

  override async start(host: string): Promise<void> {
    this.reset(1);
    this.host = host;
    this.server = new Server({ hostKeys: [this.key.private] }, (client) => this.serve(client));
    await new Promise<void>((done) => this.server?.listen(0, host, done));
    this.port = (this.server.address() as AddressInfo).port;
  }

  override async stop(): Promise<void> {
    await new Promise<void>((done) => (this.server ? this.server.close(() => done()) : done()));
  }

  override reach(): Reach {
    const env = `ZOO_${this.id.toUpperCase().replace(/-/g, '_')}_PASSWORD`;
    const blob = Buffer.from(this.key.public.split(' ')[1] ?? '', 'base64');
    const hostKey = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
    const at = { kind: 'sftp', host: this.host, port: this.port, folder: kFolder, host_key: hostKey };
    const server = { ...at, user: this.user, password: `env:${env}` };
    return { source: { kind: 'files', server }, env: { [env]: this.password } };
  }

  private serve(client: Connection): void {
    client.on('error', () => undefined);
    client.on('authentication', (context: AuthContext) => {
      if (context.method !== 'password') return void context.reject(['password']);
      if (this.allowed(context.username, context.password)) context.accept();
      else context.reject();
    });
    client.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => void new Session(acceptSftp(), this));
    });
  }
}
