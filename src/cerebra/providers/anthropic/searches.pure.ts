import { count, fieldsOf } from '../report-fields.pure.js';

/** Anthropic pauses a turn after so many rounds of its own tools, where the request sets no limit. */
const MOST_ROUNDS = 10;

/** The most searches that a request lets Anthropic make, each at a fee. */
export const mostSearches = (tools: readonly unknown[]): number =>
  tools
    .map(fieldsOf)
    .filter(({ type }) => typeof type === 'string' && type.startsWith('web_search_'))
    .reduce((sum, tool) => sum + (count(tool, 'max_uses') ?? MOST_ROUNDS), 0);
