// LTPA v1 token: 00 01 02 03, creation and expiry as 8 hex digits each, user, SHA-1 over all that and the secret.
import { createHash } from 'node:crypto';

const kMagic = Buffer.from([0, 1, 2, 3]);
const kTimes = 16;
const kHash = 20;

export interface LtpaToken {
  createdS: number;
  expiresS: number;
  user: Buffer;
}

/** The token, or why it is none. Every bit counts: Base64 must be canonical too. */
export function openLtpa(text: string, secret: Buffer): LtpaToken | string {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return 'not canonical Base64';
  if (bytes.length <= kMagic.length + kTimes + kHash) return 'too short';
  if (!bytes.subarray(0, 4).equals(kMagic)) return 'not version 1';
  const body = bytes.subarray(0, bytes.length - kHash);
  const sum = createHash('sha1').update(body).update(secret).digest();
  if (!sum.equals(bytes.subarray(bytes.length - kHash))) return 'hash is wrong';
  const times = body.subarray(4, 4 + kTimes).toString('latin1');
  if (!/^[0-9a-fA-F]{16}$/.test(times)) return 'times are not hex';
  return {
    createdS: parseInt(times.slice(0, 8), 16),
    expiresS: parseInt(times.slice(8), 16),
    user: body.subarray(4 + kTimes),
  };
}

export function sealLtpa(createdS: number, expiresS: number, user: Buffer, secret: Buffer): string {
  const hex = (n: number): string => n.toString(16).toUpperCase().padStart(8, '0');
  const body = Buffer.concat([kMagic, Buffer.from(hex(createdS) + hex(expiresS), 'latin1'), user]);
  return Buffer.concat([body, createHash('sha1').update(body).update(secret).digest()]).toString('base64');
}
