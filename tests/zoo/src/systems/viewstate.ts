// ASP.NET's __VIEWSTATE and __EVENTVALIDATION as far as a gateway can notice: opaque Base64 that starts with /wE, an HMAC over
// all of it (validationKey), tied to page, session and signed-in user (ViewStateUserKey), and a list of what may be posted back.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const kPrefix = Buffer.from([0xff, 0x01]);
const kMacBytes = 20;

export interface PageState {
  page: string;
  userKey: string;
  atMs: number;
}

export class ViewStateKeys {
  private readonly key = randomBytes(64);

  seal(state: unknown, ballast: Buffer = Buffer.alloc(0)): string {
    const json = Buffer.from(JSON.stringify(state), 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(json.length, 0);
    const body = Buffer.concat([kPrefix, length, json, ballast]);
    return Buffer.concat([body, this.mac(body)]).toString('base64');
  }

  /** Undefined when one bit differs from what was sealed. */
  unseal<T>(text: string): T | undefined {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length < kPrefix.length + 4 + kMacBytes || bytes.toString('base64') !== text) return undefined;
    const body = bytes.subarray(0, bytes.length - kMacBytes);
    if (!timingSafeEqual(this.mac(body), bytes.subarray(bytes.length - kMacBytes))) return undefined;
    const length = body.readUInt32BE(kPrefix.length);
    return JSON.parse(body.subarray(6, 6 + length).toString('utf8')) as T;
  }

  private mac(body: Buffer): Buffer {
    return createHmac('sha1', this.key).update(body).digest();
  }
}

/** Eight hex digits out of the page name, as ASP.NET shows in __VIEWSTATEGENERATOR. */
export function generator(page: string): string {
  return createHmac('md5', 'page').update(page.toLowerCase()).digest('hex').slice(0, 8).toUpperCase();
}
