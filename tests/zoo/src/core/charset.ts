// Real bytes in GBK / GB2312 / UTF-8, forms and query strings, percent-encoding.
import iconv from 'iconv-lite';

export function encode(text: string, charset: string): Buffer {
  return iconv.encode(text, charset);
}

export function decode(bytes: Buffer, charset: string): string {
  return iconv.decode(bytes, charset);
}

/** Percent-decodes to bytes; '+' is a blank. Raw bytes above 0x7f (latin1 characters) are kept. */
export function percentDecode(text: string): Buffer {
  const out: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    const hex = text.slice(i + 1, i + 3);
    if (c === '%' && /^[0-9a-fA-F]{2}$/.test(hex)) {
      out.push(parseInt(hex, 16));
      i += 2;
    } else {
      out.push(c === '+' ? 0x20 : c.charCodeAt(0) & 0xff);
    }
  }
  return Buffer.from(out);
}

/** Percent-encodes the bytes of `text` in `charset`, upper-case hex, unreserved characters plain. */
export function percentEncode(text: string, charset: string): string {
  let out = '';
  for (const byte of encode(text, charset)) {
    const c = String.fromCharCode(byte);
    out += /[A-Za-z0-9\-._~]/.test(c) ? c : '%' + byte.toString(16).toUpperCase().padStart(2, '0');
  }
  return out;
}

/** True when the bytes are Chinese text in UTF-8: on a GBK page this is a gateway's mistake. */
export function looksUtf8(bytes: Buffer): boolean {
  if (!bytes.some((b) => b >= 0x80)) return false;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /^[\u0000-\u007f\u2010-\u203a\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*$/.test(text);
  } catch {
    return false;
  }
}

/** application/x-www-form-urlencoded, values kept as bytes until asked for. */
export class Form {
  private fields: { name: string; bytes: Buffer }[] = [];

  constructor(
    raw: string,
    readonly charset: string,
  ) {
    for (const part of raw.split('&')) {
      if (part === '') continue;
      const eq = part.indexOf('=');
      const name = eq < 0 ? part : part.slice(0, eq);
      const value = eq < 0 ? '' : part.slice(eq + 1);
      this.fields.push({ name: decode(percentDecode(name), charset), bytes: percentDecode(value) });
    }
  }

  has(name: string): boolean {
    return this.fields.some((f) => f.name === name);
  }

  bytes(name: string): Buffer {
    return this.fields.find((f) => f.name === name)?.bytes ?? Buffer.alloc(0);
  }

  get(name: string): string {
    return decode(this.bytes(name), this.charset);
  }

  names(): string[] {
    return this.fields.map((f) => f.name);
  }

  /** Why the posted bytes cannot be honest text in the page's charset, or ''. */
  charsetProblem(): string {
    for (const f of this.fields) {
      const isGb = /^gb/i.test(this.charset);
      if (isGb && looksUtf8(f.bytes)) return `field ${f.name}: UTF-8 bytes in a ${this.charset} form`;
      if (decode(f.bytes, this.charset).includes('\ufffd')) return `field ${f.name}: bytes are not ${this.charset}`;
    }
    return '';
  }
}
