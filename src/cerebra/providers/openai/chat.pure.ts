import { NO_EDITS, type Edit, type Reading } from '../../gateway/asked.js';
import { Members } from '../../gateway/members.pure.js';
import { mentions } from '../../gateway/mentions.pure.js';
import { dearestTier } from './tier.pure.js';

const LIMITS = ['max_tokens', 'max_completion_tokens'] as const;
const NAMES: ReadonlySet<string> = new Set(['model', 'stream', 'stream_options', 'n', 'service_tier', ...LIMITS]);

/** OpenAI's own limit. */
const MOST_CHOICES = 128;

/** How many tokens these become is not bounded by the bytes of the body. */
const namesMedia = mentions(['image_url', 'file']);

const OPEN_BRACE = 0x7b;

/** Reads a body of `/v1/chat/completions`. */
export function readChat(body: Buffer): Reading {
  const members = new Members(body, NAMES);
  const model = members.model();
  const stream = members.flag('stream');
  const choices = members.count('n', MOST_CHOICES) ?? 1;
  let maxOutput: number | null = null;
  for (const name of LIMITS) {
    const limit = members.count(name);
    // Which of the two a model goes by differs.
    if (limit !== null) maxOutput = Math.max(maxOutput ?? 0, limit);
  }
  const tier = dearestTier(members.text('service_tier'));
  const options = members.object('stream_options');
  if (members.fault !== null) return members.fault;

  const usageAsked = options['include_usage'] === true;
  return {
    kind: 'read',
    asked: {
      model,
      modelAt: members.at('model'),
      stream,
      maxOutput,
      choices,
      tier,
      media: namesMedia(body),
      edits: stream && !usageAsked ? [askForUsage(body, members, options)] : NO_EDITS,
      hideUsage: stream && !usageAsked,
    },
  };
}

/** A stream tells its usage only when asked; without it there is nothing to bill by. */
function askForUsage(body: Buffer, members: Members, options: object): Edit {
  const text = JSON.stringify({ ...options, include_usage: true });
  const given = members.at('stream_options');
  if (given !== null) return { start: given.start, end: given.end, text };
  // There is a member behind it, the model, so that a comma is right.
  const inside = body.indexOf(OPEN_BRACE) + 1;
  return { start: inside, end: inside, text: `"stream_options":${text},` };
}
