// NTLMv2, the server's side ([MS-NLMP] 3.3.2): a challenge for a connection, and whether an answer knows the password.
import { createHmac, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';

const md4 = createRequire(import.meta.url)('js-md4') as { arrayBuffer: (data: Buffer) => ArrayBuffer };

const kSignature = Buffer.from('NTLMSSP\0', 'latin1');
const kFlags = 0xa2898205;

function hmac(key: Buffer, ...parts: Buffer[]): Buffer {
  const mac = createHmac('md5', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** The kind of a message; 0 when it is none. */
export function ntlmType(message: Buffer): number {
  return message.length >= 12 && message.subarray(0, 8).equals(kSignature) ? message.readUInt32LE(8) : 0;
}

export class Challenge {
  readonly nonce = randomBytes(8);

  constructor(private readonly domain: string) {}

  /** Type 2. */
  message(): Buffer {
    const name = Buffer.from(this.domain, 'utf16le');
    const pair = (id: number, value: Buffer): Buffer => {
      const head = Buffer.alloc(4);
      head.writeUInt16LE(id, 0);
      head.writeUInt16LE(value.length, 2);
      return Buffer.concat([head, value]);
    };
    const info = Buffer.concat([pair(2, name), pair(1, name), pair(0, Buffer.alloc(0))]);
    const head = Buffer.alloc(56);
    kSignature.copy(head, 0);
    head.writeUInt32LE(2, 8);
    head.writeUInt16LE(name.length, 12);
    head.writeUInt16LE(name.length, 14);
    head.writeUInt32LE(56, 16);
    head.writeUInt32LE(kFlags, 20);
    this.nonce.copy(head, 24);
    head.writeUInt16LE(info.length, 40);
    head.writeUInt16LE(info.length, 42);
    head.writeUInt32LE(56 + name.length, 44);
    return Buffer.concat([head, name, info]);
  }

  /** Whose password answers; undefined: nobody's. */
  answeredBy(message: Buffer, passwordOf: (user: string) => string | undefined): string | undefined {
    const field = (at: number): Buffer => message.subarray(message.readUInt32LE(at + 4), message.readUInt32LE(at + 4) + message.readUInt16LE(at));
    if (ntlmType(message) !== 3 || message.length < 52) return undefined;
    const [domain, user, response] = [field(28).toString('utf16le'), field(36).toString('utf16le'), field(20)];
    const password = passwordOf(user);
    if (password === undefined || response.length < 24) return undefined;
    const nt = Buffer.from(md4.arrayBuffer(Buffer.from(password, 'utf16le')));
    const owner = hmac(nt, Buffer.from(user.toUpperCase() + domain, 'utf16le'));
    const blob = response.subarray(16);
    return hmac(owner, this.nonce, blob).equals(response.subarray(0, 16)) ? user : undefined;
  }
}
