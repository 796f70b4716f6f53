import { noUsage, type Usage } from '../pricing/usage.js';

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

/** A guess at the tokens of a request, and what it asks for beyond them. */
export const estimateTokens = (bytes: number, asked: { maxOutput: number | null; choices: number }): number =>
  Math.ceil(bytes / BYTES_PER_TOKEN) + (asked.maxOutput ?? 0) * asked.choices;

/** A guess at what the provider bills: by what was seen, and at the most where nothing can be seen. */
export function estimateUsage({ requestBytes, reply, outputBound }: Seen): Usage {
  return { ...noUsage(), input: Math.ceil(requestBytes / BYTES_PER_TOKEN), output: outputTokens(reply, outputBound) };
}

function outputTokens(reply: Seen['reply'], outputBound: number): number {
  if (reply === null) return outputBound;
  const beyondEvents = Math.max(reply.bytes - reply.events * BYTES_PER_EVENT, 0);
  return Math.min(reply.events + Math.ceil(beyondEvents / BYTES_PER_TOKEN), outputBound);
}
