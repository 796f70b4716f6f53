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
  const input = (action: string, free: boolean): Operation => ({
    ...common,
    free,
    read: readInput,
    path: pathOf(action),
  });
  const generate = (action: string, stream: boolean): Operation => ({
    ...common,
    free: false,
    read: readGenerate(stream),
    path: pathOf(action),
  });
  return {
    generateContent: generate('generateContent', false),
    streamGenerateContent: generate('streamGenerateContent', true),
    countTokens: input('countTokens', true),
    embedContent: input('embedContent', false),
    batchEmbedContents: input('batchEmbedContents', false),
  };
}
