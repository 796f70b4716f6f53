import type { IncomingHttpHeaders } from 'node:http';
import { anthropicDialect } from '../providers/anthropic/dialect.js';
import type { Api, Dialect } from '../providers/dialect.js';
import { geminiDialect } from '../providers/gemini/dialect.js';
import { openAiDialect } from '../providers/openai/dialect.js';

export const dialects: Readonly<Record<Api, Dialect>> = {
  openai: openAiDialect,
  anthropic: anthropicDialect,
  gemini: geminiDialect,
};

/** Whose client calls, where the path does not tell. */
export function apiOf(headers: IncomingHttpHeaders): Api {
  if (headers['x-goog-api-key'] !== undefined) return 'gemini';
  return headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
}
