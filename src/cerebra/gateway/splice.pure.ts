import type { Asked, Edit } from './asked.js';

/** The body as it goes upstream: the client's bytes, but for the model's name and the wish for usage, where needed. */
export function splice(body: Buffer, { edits, model, modelAt }: Asked, upstreamModel: string): Buffer {
  const renamed = modelAt !== null && model !== upstreamModel;
  if (!renamed) return edits.length === 0 ? body : edited(body, edits);
  const rename = { start: modelAt.start, end: modelAt.end, text: JSON.stringify(upstreamModel) };
  return edited(body, [...edits, rename]);
}

/** The bytes with other texts in some places. */
export function edited(body: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { start, end, text } of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(body.subarray(at, start), Buffer.from(text));
    at = end;
  }
  parts.push(body.subarray(at));
  return Buffer.concat(parts);
}
