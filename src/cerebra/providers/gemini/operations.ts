import type { OperationName } from '../../gateway/call.js';
import type { Operation } from '../../gateway/operation.js';
import { geminiDialect } from './dialect.js';
import { readGenerate, readInput } from './generate.pure.js';
import { geminiUsage } from './usage-reading.js';

const common = {
  api: 'gemini',
  dialect: geminiDialect,
  usage: geminiUsage,
  passes: ['accept', 'user-agent', 'x-goog-api-client'],
} as const;

/**
 * What can be asked of `models/{model}:{action}`, by action.
 *
 * @param version as the path names it: it goes upstream as it came
 */
export function geminiActions(version: string): Readonly<Record<string, Operation>> {
  const pathOf = (action: string) => (model: string) => `/${version}/models/${model}:${action}`;
  const input = (action: string, name: OperationName, free: boolean): Operation => ({
    ...common,
    name,
    free,
    read: readInput,
    path: pathOf(action),
  });
  const generate = (action: string, stream: boolean): Operation => ({
    ...common,
    name: 'generate_content',
    free: false,
    read: readGenerate(stream),
    path: pathOf(action),
  });
  return {
    generateContent: generate('generateContent', false),
    streamGenerateContent: generate('streamGenerateContent', true),
    countTokens: input('countTokens', 'count_tokens', true),
    embedContent: input('embedContent', 'embeddings', false),
    batchEmbedContents: input('batchEmbedContents', 'embeddings', false),
  };
}
