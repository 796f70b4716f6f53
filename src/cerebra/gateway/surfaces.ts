import type { Dialect } from '../providers/dialect.js';
import { openAiDialect } from '../providers/openai/dialect.js';
import { chat, embeddings, responses } from '../providers/openai/operations.js';
import type { Operation } from './operation.js';

/** Paths below one prefix. */
export interface Surface {
  readonly prefix: string;
  /** What answers where no operation does. */
  readonly dialect: Dialect;
  /** By path; the body names the model. */
  readonly operations: Readonly<Record<string, Operation>>;
}

/** Everything that clients call, decided before the first of them comes. */
export const surfaces: readonly Surface[] = [
  {
    prefix: '/v1',
    dialect: openAiDialect,
    operations: { '/chat/completions': chat, '/embeddings': embeddings, '/responses': responses },
  },
];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How a route of the surfaces tells what went wrong. */
    dialect?: Dialect;
  }
}
