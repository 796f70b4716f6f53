/** A request as it is asked for. */
export interface Http1Request {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** With its query, as it goes on the request line. */
  readonly path: string;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: Buffer | null;
}

const PATH = /^\/[\x21-\x7e]*$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What this client says itself: twice said, it could be understood in two ways. */
const OURS: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** @returns the head as it is sent, in latin1; null when something in it would end a line or blur where the body ends */
export function requestHead(request: Http1Request, host: string): string | null {
  const { method, path, headers, body } = request;
  if (!PATH.test(path)) return null;
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const value = headers[i + 1] ?? '';
    if (!NAME.test(name) || OURS.has(name.toLowerCase()) || !VALUE.test(value)) return null;
    head += `${name}: ${value}\r\n`;
  }
  // A POST without a body has a length too (RFC 9110, 8.6).
  if (method === 'POST' || body !== null) head += `content-length: ${body?.length ?? 0}\r\n`;
  return `${head}\r\n`;
}
