import { decode, findMembers, type Member } from './json-scan.pure.js';
import { namesMedia } from './media.pure.js';

/** What the gateway must know of a chat request; the rest of the body it never looks at. */
export interface Peeked {
  readonly model: string;
  readonly modelAt: Member;
  readonly stream: boolean;
  /** The client's limit for one choice, by whichever name is larger. */
  readonly maxOutput: number | null;
  readonly choices: number;
  /** The client wants the event that tells the usage of a stream. */
  readonly usageAsked: boolean;
  readonly streamOptionsAt: Member | null;
  readonly streamOptions: Readonly<Record<string, unknown>>;
  readonly media: boolean;
}

export type Peek =
  | { readonly kind: 'read'; readonly request: Peeked }
  /** `param` is the member to blame; null blames the whole body. */
  | { readonly kind: 'unreadable'; readonly message: string; readonly param: string | null };

const LIMITS = ['max_tokens', 'max_completion_tokens'] as const;
const NAMES: ReadonlySet<string> = new Set(['model', 'stream', 'stream_options', 'n', ...LIMITS]);

/** It stands in headers and in the ledger, so nothing else counts as a name. */
const MODEL_NAME = /^[\x21-\x7e]{1,200}$/;
/** OpenAI's own limit. */
const MOST_CHOICES = 128;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unreadable = (message: string, param: string | null = null): Peek => ({ kind: 'unreadable', message, param });

/**
 * Finds what decides a call in the bytes of its body. What is checked must be what runs: readers of JSON disagree
 * about a name that stands there twice, so such a body is refused, in whatever way the name is escaped.
 */
export function peek(body: Buffer): Peek {
  const members = findMembers(body, NAMES);
  if (members === null) return unreadable('The body is not a JSON object.');
  const byName = new Map<string, Member>();
  for (const member of members) {
    if (byName.has(member.name)) return unreadable(`'${member.name}' is given twice.`, member.name);
    byName.set(member.name, member);
  }
  /** Absent and null are the same to the API. What is not JSON becomes `undefined`, which nothing below takes. */
  const valueOf = (name: string, fallback: unknown = null): unknown => {
    const member = byName.get(name);
    const value = member === undefined ? null : decode(body.toString('utf8', member.start, member.end));
    return value === null ? fallback : value;
  };

  const modelAt = byName.get('model');
  const model = valueOf('model');
  if (modelAt === undefined || typeof model !== 'string' || !MODEL_NAME.test(model)) {
    return unreadable("'model' must be a model's name: at most 200 printable ASCII characters.", 'model');
  }
  const stream = valueOf('stream', false);
  if (typeof stream !== 'boolean') return unreadable("'stream' must be true or false.", 'stream');
  const choices = valueOf('n', 1);
  if (!isCount(choices) || choices > MOST_CHOICES) return unreadable(`'n' must be 1 to ${MOST_CHOICES}.`, 'n');
  let maxOutput: number | null = null;
  for (const name of LIMITS) {
    const limit = valueOf(name);
    if (limit === null) continue;
    if (!isCount(limit)) return unreadable(`'${name}' must be a whole number of tokens.`, name);
    maxOutput = Math.max(maxOutput ?? 0, limit);
  }
  const streamOptions = valueOf('stream_options', {});
  if (!isObject(streamOptions)) return unreadable("'stream_options' must be an object.", 'stream_options');

  return {
    kind: 'read',
    request: {
      model,
      modelAt,
      stream,
      maxOutput,
      choices,
      usageAsked: streamOptions['include_usage'] === true,
      streamOptionsAt: byName.get('stream_options') ?? null,
      streamOptions,
      media: namesMedia(body),
    },
  };
}
