// SOAP services: one path, one operation a body. Documents are read and written by fast-xml-parser.
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import type { Exchange } from '../core/exchange.ts';
import { decode, encode } from '../core/charset.ts';
import { Refusal, RestData } from './rest.ts';

const kEnvelope = 'http://schemas.xmlsoap.org/soap/envelope/';
const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, ignoreAttributes: true, trimValues: false });
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressEmptyNode: true, cdataPropName: '#cdata' });

export type Arguments = Record<string, string>;

/** Members that are null are left out, as their serializers do. */
export function withoutNull(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

export function xmlText(document: Record<string, unknown>): string {
  return String(builder.build(document));
}

function child(node: unknown, name: string): unknown {
  return node !== null && typeof node === 'object' ? (node as Record<string, unknown>)[name] : undefined;
}

export abstract class SoapData extends RestData {
  /** What the documents say of their charset, true or not. */
  protected declares = 'UTF-8';
  /** The bytes of the bodies. */
  protected bodyCharset = 'UTF-8';

  /** An operation: its answer is the content of `<NAMEResponse>`. */
  protected operation(path: string, name: string, answer: (x: Exchange, args: Arguments) => Record<string, unknown>): void {
    this.operations(path).set(name, answer);
  }

  protected override refuse(x: Exchange, refusal: Refusal): void {
    const fault = { faultcode: `soapenv:${refusal.code}`, faultstring: refusal.message };
    this.envelope(x, { 'soapenv:Fault': fault }, refusal.code === 'AUTH_FAILED' ? 401 : 500);
  }

  protected envelope(x: Exchange, body: Record<string, unknown>, status = 200): void {
    const text = xmlText({ 'soapenv:Envelope': { '@xmlns:soapenv': kEnvelope, 'soapenv:Body': body } });
    const bytes = encode(`<?xml version="1.0" encoding="${this.declares}"?>\n${text}`, this.bodyCharset);
    x.bytes(bytes, { status, type: `text/xml; charset=${this.bodyCharset}` });
  }

  private readonly services = new Map<string, Map<string, (x: Exchange, args: Arguments) => Record<string, unknown>>>();

  private operations(path: string): Map<string, (x: Exchange, args: Arguments) => Record<string, unknown>> {
    let found = this.services.get(path);
    if (found) return found;
    found = new Map();
    this.services.set(path, found);
    const all = found;
    this.api('post', path, (x) => {
      const text = decode(x.body, this.bodyCharset);
      if (text.includes('\ufffd')) throw new Refusal('Client', `the body is not ${this.bodyCharset}`);
      const body = child(child(parser.parse(text), 'Envelope'), 'Body');
      const [name, args] = Object.entries((body ?? {}) as Record<string, unknown>)[0] ?? ['', {}];
      const answer = all.get(name);
      if (!answer) throw new Refusal('Client', `no operation ${name}`);
      if (x.headers('soapaction').length !== 1) throw new Refusal('Client', 'SOAPAction is missing');
      this.envelope(x, { [`${name}Response`]: answer(x, (args === '' ? {} : args) as Arguments) });
    });
    return found;
  }
}
