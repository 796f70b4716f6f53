import type { Peeked } from './peek.pure.js';

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const OPEN_BRACE = 0x7b;

/** A stream tells its usage only when asked; without it there is nothing to bill by. */
function askForUsage(body: Buffer, { streamOptionsAt, streamOptions }: Peeked): Edit {
  const asking = { ...streamOptions, include_usage: true };
  if (streamOptionsAt !== null) {
    return { from: streamOptionsAt.start, to: streamOptionsAt.end, text: JSON.stringify(asking) };
  }
  // There is a member behind it, the model, so that a comma is right.
  const inside = body.indexOf(OPEN_BRACE) + 1;
  return { from: inside, to: inside, text: `"stream_options":${JSON.stringify(asking)},` };
}

/** The body as it goes upstream: the client's bytes, but for the model's name and the wish for usage, where needed. */
export function splice(body: Buffer, request: Peeked, upstreamModel: string): Buffer {
  const edits: Edit[] = [];
  if (request.stream && !request.usageAsked) edits.push(askForUsage(body, request));
  if (request.model !== upstreamModel) {
    edits.push({ from: request.modelAt.start, to: request.modelAt.end, text: JSON.stringify(upstreamModel) });
  }
  if (edits.length === 0) return body;
  edits.sort((a, b) => a.from - b.from);
  const parts: Buffer[] = [];
  let at = 0;
  for (const { from, to, text } of edits) {
    parts.push(body.subarray(at, from), Buffer.from(text));
    at = to;
  }
  parts.push(body.subarray(at));
  return Buffer.concat(parts);
}
