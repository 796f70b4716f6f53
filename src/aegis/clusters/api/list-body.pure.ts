const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const SPACE = 0x20;
const [ITEMS, KIND, API_VERSION] = ['items', 'kind', 'apiVersion'].map((key) => Buffer.from(JSON.stringify(key)));

/** The list itself is at depth 1, its array at 2, the members of an object in it at 3. */
const [IN_LIST, IN_ARRAY, IN_OBJECT] = [1, 2, 3];

/** A list as it was sent: its objects byte for byte, and what stands around them. */
export interface ListBody {
  /** Each as a single read would have sent it. */
  readonly items: readonly Buffer[];
  /** The list's JSON without its objects. */
  readonly envelope: string;
}

/** What its objects are: in lists of built-in kinds they do not say it themselves. */
export interface ItemType {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * Cuts the objects out of a list. They are not parsed: a JSON round trip would bend integers beyond 2^53 and lose
 * keys such as `__proto__`, and it takes several times as long.
 * @param body whole, and JSON as an API server sends it
 */
export function splitList(body: Buffer, type: ItemType): ListBody {
  const items: Buffer[] = [];
  let depth = 0;
  let isItems = false;
  let [first, end, start] = [-1, -1, 0];
  let [hasKind, hasApiVersion] = [false, false];
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      const close = endOfString(body, at);
      if (depth === IN_LIST) isItems = isKey(body, at, close, ITEMS);
      else if (depth === IN_OBJECT) {
        hasKind ||= isKey(body, at, close, KIND);
        hasApiVersion ||= isKey(body, at, close, API_VERSION);
      }
      at = close;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth === IN_ARRAY && isItems && byte === OPEN_BRACKET) first = at + 1;
      else if (depth === IN_OBJECT) [start, hasKind, hasApiVersion] = [at, false, false];
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      const isOpen = first !== -1 && end === -1;
      if (depth === IN_OBJECT && isOpen) {
        items.push(
          typed(body.subarray(start, at + 1), hasKind ? null : type.kind, hasApiVersion ? null : type.apiVersion),
        );
      } else if (depth === IN_ARRAY && isOpen) end = at;
      depth -= 1;
    }
  }
  if (first === -1) return { items, envelope: body.toString() };
  return { items, envelope: body.toString('utf8', 0, first) + body.toString('utf8', end) };
}

/** @param kind put in, where it is not null; so the other */
function typed(item: Buffer, kind: string | null, apiVersion: string | null): Buffer {
  if (kind === null && apiVersion === null) return item;
  const members = [
    ...(kind === null ? [] : [`"kind":${JSON.stringify(kind)}`]),
    ...(apiVersion === null ? [] : [`"apiVersion":${JSON.stringify(apiVersion)}`]),
  ].join(',');
  const comma = item.length > '{}'.length ? ',' : '';
  return Buffer.concat([Buffer.from(`{${members}${comma}`), item.subarray(1)]);
}

/** @returns where its closing quote is */
function endOfString(bytes: Buffer, open: number): number {
  let at = open + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function isKey(bytes: Buffer, open: number, close: number, key: Buffer | undefined): boolean {
  if (key === undefined || close - open + 1 !== key.length) return false;
  if (bytes.compare(key, 0, key.length, open, close + 1) !== 0) return false;
  let after = close + 1;
  while ((bytes[after] ?? COLON) <= SPACE) after += 1;
  return bytes[after] === COLON;
}
