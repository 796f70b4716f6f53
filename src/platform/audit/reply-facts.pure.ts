/** What the audit log takes from a reply: nothing else of a body is kept. */
export interface ReplyFacts {
  readonly id: string | null;
  readonly errorCode: string | null;
}

const NOTHING: ReplyFacts = { id: null, errorCode: null };
/** Of a reply that names one resource; longer ones are reports, and not worth a parse. */
const MAX_CHARACTERS = 64 << 10;

/** @param payload of the reply as it is sent */
export function factsOf(payload: unknown): ReplyFacts {
  if (typeof payload !== 'string' || !payload.startsWith('{') || payload.length > MAX_CHARACTERS) return NOTHING;
  const body = parsed(payload);
  const code = isObject(body['error']) ? body['error']['code'] : null;
  return { id: textOr(body['id']), errorCode: textOr(code) };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);
