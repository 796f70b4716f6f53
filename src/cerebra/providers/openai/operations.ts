import { outermost } from '../../gateway/json-usage.pure.js';
import type { Operation } from '../../gateway/operation.js';
import type { UsageReading } from '../usage-reading.js';
import { readChat } from './chat.pure.js';
import { openAiDialect, responsesDialect } from './dialect.js';
import { readEmbeddings } from './embeddings.pure.js';
import { outputLimit } from './output-limit.pure.js';
import { responsesUsage } from './responses-usage.js';
import { readResponses } from './responses.pure.js';
import { chunkUsageOf, showsContent, usageOf } from './usage.pure.js';

const passes = ['accept', 'user-agent', 'openai-beta', 'x-client-request-id'] as const;

const openAiUsage: UsageReading = {
  usageMark: Buffer.from('"usage"'),
  tierIn: outermost('service_tier'),
  usageOf,
  chunkUsageOf,
  showsContent,
};

const common = { api: 'openai', free: false, passes, dialect: openAiDialect, usage: openAiUsage } as const;

export const chat: Operation = {
  ...common,
  name: 'chat',
  read: readChat,
  limit: outputLimit('max_completion_tokens'),
  path: () => '/chat/completions',
};

export const embeddings: Operation = { ...common, name: 'embeddings', read: readEmbeddings, path: () => '/embeddings' };

export const responses: Operation = {
  ...common,
  name: 'chat',
  dialect: responsesDialect,
  usage: responsesUsage,
  read: readResponses,
  limit: outputLimit('max_output_tokens'),
  path: () => '/responses',
};
