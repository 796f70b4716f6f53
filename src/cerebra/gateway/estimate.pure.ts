import { noUsage, outputBuckets, tokenBuckets, type Usage } from '../pricing/usage.js';

/** What was seen of a call that did not tell all of its usage. */
export interface Seen {
  /** A guess at the tokens of the prompt. */
  readonly input: number;
  /** Null: nothing tells how much was written. */
  readonly reply: SeenReply | null;
  /** The most output tokens that the call can be billed for. */
  readonly outputBound: number;
}

/** Events and bytes that carried what the model wrote. */
export interface SeenReply {
  readonly events: number;
  readonly bytes: number;
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

export const tokensOfText = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);

/** A guess at the tokens of a request, and what it asks for beyond them. */
export const estimateTokens = (bytes: number, asked: { maxOutput: number | null; choices: number }): number =>
  tokensOfText(bytes) + (asked.maxOutput ?? 0) * asked.choices;

/** A guess at what the provider bills: by what was seen, and at the most where nothing was. */
export function estimateUsage({ input, reply, outputBound }: Seen): Usage {
  return { ...noUsage(), input, output: reply === null ? outputBound : Math.min(written(reply), outputBound) };
}

/** What was told when more was to come, and at least what was seen to be written since. */
export function atLeastSeen(told: Usage, seen: Seen): Usage {
  const more = outputOf(estimateUsage(seen)) - outputOf(told);
  return more > 0 ? { ...told, output: told.output + more } : told;
}

const outputOf = (usage: Usage): number => outputBuckets.reduce((sum, bucket) => sum + usage[bucket], 0);

function written({ events, bytes }: SeenReply): number {
  const beyondEvents = Math.max(bytes - events * BYTES_PER_EVENT, 0);
  return events + tokensOfText(beyondEvents);
}
