import { NO_EDITS, type Reading } from '../../gateway/asked.js';
import { Members } from '../../gateway/members.pure.js';
import { mentions } from '../../gateway/mentions.pure.js';
import { mostSearches } from './searches.pure.js';

const NAMES: ReadonlySet<string> = new Set(['model', 'stream', 'max_tokens', 'tools']);

/** Input that the body does not hold: what it points to, and what the provider's own tools will find. */
const namesMore = mentions([
  'image',
  'document',
  'file',
  'container_upload',
  'web_search',
  'web_fetch',
  'code_execution',
  'mcp_servers',
]);

const namesSearch = mentions(['web_search']);

/** Reads a body of `/v1/messages`. */
export function readMessages(body: Buffer): Reading {
  const members = new Members(body, NAMES);
  const model = members.model();
  const stream = members.flag('stream');
  const maxOutput = members.count('max_tokens');
  // Only where it is worth it: tools may be most of a body.
  const webSearches = namesSearch(body) ? mostSearches(members.list('tools')) : 0;
  if (members.fault !== null) return members.fault;
  return {
    kind: 'read',
    asked: {
      model,
      modelAt: members.at('model'),
      stream,
      maxOutput,
      choices: 1,
      webSearches,
      media: namesMore(body),
      edits: NO_EDITS,
      hideUsage: false,
    },
  };
}
