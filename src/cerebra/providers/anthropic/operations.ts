import type { Operation } from '../../gateway/operation.js';
import { anthropicDialect } from './dialect.js';
import { readMessages } from './messages.pure.js';
import { anthropicUsage } from './usage-reading.js';

const common = {
  api: 'anthropic',
  dialect: anthropicDialect,
  usage: anthropicUsage,
  passes: ['accept', 'user-agent', 'anthropic-version', 'anthropic-beta', 'x-client-request-id'],
  read: readMessages,
} as const;

export const messages: Operation = { ...common, name: 'chat', free: false, path: () => '/v1/messages' };

/** Anthropic counts for nothing; it has the body of a call without its limit. */
export const countTokens: Operation = {
  ...common,
  name: 'count_tokens',
  free: true,
  path: () => '/v1/messages/count_tokens',
};
