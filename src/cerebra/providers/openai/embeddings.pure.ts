import { NO_EDITS, type Reading } from '../../gateway/asked.js';
import { Members } from '../../gateway/members.pure.js';

const NAMES: ReadonlySet<string> = new Set(['model']);

/** Reads a body of `/v1/embeddings`. */
export function readEmbeddings(body: Buffer): Reading {
  const members = new Members(body, NAMES);
  const model = members.model();
  if (members.fault !== null) return members.fault;
  return {
    kind: 'read',
    asked: {
      model,
      modelAt: members.at('model'),
      stream: false,
      maxOutput: 0,
      choices: 1,
      // Token numbers in place of text are shorter than the tokens' bytes, but each takes two bytes at least.
      media: false,
      edits: NO_EDITS,
      hideUsage: false,
    },
  };
}
