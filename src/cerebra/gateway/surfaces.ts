import { countTokens, messages } from '../providers/anthropic/operations.js';
import { anthropicDialect } from '../providers/anthropic/dialect.js';
import type { Dialect } from '../providers/dialect.js';
import { geminiDialect } from '../providers/gemini/dialect.js';
import { geminiActions } from '../providers/gemini/operations.js';
import { chat, embeddings, responses } from '../providers/openai/operations.js';
import type { Operation } from './operation.js';

/** Paths below one prefix. */
export interface Surface {
  readonly prefix: string;
  /** What answers where no operation does; null: that of the caller's headers, because several APIs are here. */
  readonly dialect: Dialect | null;
  /** By path; the body names the model. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** By action, as in `/models/{model}:{action}`. */
  readonly actions: Readonly<Record<string, Operation>>;
}

const openAiOperations = { '/chat/completions': chat, '/embeddings': embeddings, '/responses': responses };
const anthropicOperations = { '/messages': messages, '/messages/count_tokens': countTokens };

const geminiSurface = (prefix: string, version: string): Surface => ({
  prefix,
  dialect: geminiDialect,
  operations: {},
  actions: geminiActions(version),
});

/** Everything that clients call, decided before the first of them comes. */
export const surfaces: readonly Surface[] = [
  {
    prefix: '/v1',
    dialect: null,
    operations: { ...openAiOperations, ...anthropicOperations },
    actions: geminiActions('v1'),
  },
  { prefix: '/anthropic/v1', dialect: anthropicDialect, operations: anthropicOperations, actions: {} },
  geminiSurface('/v1beta', 'v1beta'),
  geminiSurface('/gemini/v1beta', 'v1beta'),
  geminiSurface('/gemini/v1', 'v1'),
];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How a route of the surfaces tells what went wrong. */
    dialect?: Dialect;
  }
}
