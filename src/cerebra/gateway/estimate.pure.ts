import { noUsage, tokenBuckets, type Usage } from '../pricing/usage.js';

/** What was seen of a call that told no usage. */
export interface Seen {
  readonly requestBytes: number;
  /** Events and bytes of the reply so far; null when a reply that is not streamed broke off: it tells nothing before its end. */
  readonly reply: { readonly events: number; readonly bytes: number } | null;
  /** The most output tokens that the call can be billed for. */
  readonly outputBound: number;
}

/** Common to all tokenisers for plain text. */
const BYTES_PER_TOKEN = 4;
/** An event carries its envelope and about one token. */
const BYTES_PER_EVENT = 300;

/** No call uses more of one kind: a report beyond it is a fault of the provider's, and would burst the sums. */
const MOST_TOKENS = 100_000_000;

/** Whether a report of usage can be true; one that can't counts as not told. */
export const isCredible = (usage: Usage): boolean =>
  isCount(usage.webSearches) && tokenBuckets.every((bucket) => isCount(usage[bucket]));

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= MOST_TOKENS;

/** A guess at the tokens of a request, and what it asks for beyond them. */
export const estimateTokens = (bytes: number, asked: { maxOutput: number | null; choices: number }): number =>
  Math.ceil(bytes / BYTES_PER_TOKEN) + (asked.maxOutput ?? 0) * asked.choices;

/**
 * A guess at what the provider bills: by what was seen, and at the most where nothing can be seen.
 *
 * @param streamed asked for as a stream
 */
export function estimateUsage({ requestBytes, reply, outputBound }: Seen, streamed: boolean): Usage {
  const output = tellsOutput(reply, streamed) ? Math.min(outputTokens(reply), outputBound) : outputBound;
  return { ...noUsage(), input: Math.ceil(requestBytes / BYTES_PER_TOKEN), output };
}

type SeenReply = NonNullable<Seen['reply']>;

/**
 * A model may have reasoned for long before its stream's first event with content, and the first event of all has none.
 * The events of a compressed stream can't be seen either, and its bytes say little.
 */
const tellsOutput = (reply: Seen['reply'], streamed: boolean): reply is SeenReply =>
  reply !== null && (streamed ? reply.events > 1 : reply.bytes > 0);

function outputTokens({ events, bytes }: SeenReply): number {
  const beyondEvents = Math.max(bytes - events * BYTES_PER_EVENT, 0);
  return events + Math.ceil(beyondEvents / BYTES_PER_TOKEN);
}
