import { NO_EDITS, type Reading } from '../../gateway/asked.js';
import { Members } from '../../gateway/members.pure.js';
import { mentions } from '../../gateway/mentions.pure.js';
import { dearestTier } from './tier.pure.js';

const NAMES: ReadonlySet<string> = new Set(['model', 'stream', 'max_output_tokens', 'background', 'service_tier']);

/** Input that the body does not hold: it is fetched, kept at the provider, or made by the provider's own tools. */
const namesMore = mentions([
  'input_image',
  'input_file',
  'item_reference',
  'previous_response_id',
  'conversation',
  'prompt',
  'web_search',
  'web_search_preview',
  'file_search',
  'code_interpreter',
  'computer_use_preview',
  'image_generation',
  'mcp',
]);

/** Reads a body of `/v1/responses`. */
export function readResponses(body: Buffer): Reading {
  const members = new Members(body, NAMES);
  const model = members.model();
  const stream = members.flag('stream');
  const maxOutput = members.count('max_output_tokens');
  const tier = dearestTier(members.text('service_tier'));
  const background = members.flag('background');
  if (members.fault !== null) return members.fault;
  if (background && !stream) {
    const message = "'background' without 'stream' is not possible here: its usage would be told to nobody.";
    return { kind: 'unreadable', message, param: 'background' };
  }
  return {
    kind: 'read',
    asked: {
      model,
      modelAt: members.at('model'),
      stream,
      maxOutput,
      choices: 1,
      tier,
      media: namesMore(body),
      edits: NO_EDITS,
      hideUsage: false,
    },
  };
}
