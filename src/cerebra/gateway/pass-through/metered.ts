import { countTokens, messages } from '../../providers/anthropic/operations.js';
import type { Api } from '../../providers/dialect.js';
import { geminiActions } from '../../providers/gemini/operations.js';
import { chat, embeddings, responses } from '../../providers/openai/operations.js';
import { NO_EDITS, type Reading } from '../asked.js';
import type { Operation } from '../operation.js';

/** As it came: nothing is spliced or cut, and every header passes that is not the caller's own business. */
const untouched = (operation: Operation): Operation => ({
  ...operation,
  limit: undefined,
  passes: null,
  read(body, named) {
    const reading = operation.read(body, named);
    return reading.kind === 'read'
      ? { kind: 'read', asked: { ...reading.asked, edits: NO_EDITS, hideUsage: false } }
      : UNKNOWN;
  },
});

/** What cannot be read may be right all the same: Azure names its deployment in the path, and the model in the reply. */
const UNKNOWN: Reading = {
  kind: 'read',
  asked: {
    model: '',
    modelAt: null,
    stream: false,
    maxOutput: null,
    choices: 1,
    media: true,
    edits: NO_EDITS,
    hideUsage: false,
  },
};

const actions = geminiActions('v1beta');

/** The calls whose usage can be read, by how their paths end. */
const endings: Readonly<Record<Api, readonly (readonly [ending: string, operation: Operation])[]>> = {
  openai: [
    ['/chat/completions', untouched(chat)],
    ['/embeddings', untouched(embeddings)],
    ['/responses', untouched(responses)],
  ],
  anthropic: [
    ['/messages', untouched(messages)],
    ['/messages/count_tokens', untouched(countTokens)],
  ],
  gemini: Object.entries(actions).map(([action, operation]) => [`:${action}`, untouched(operation)] as const),
};

const MODEL = /\/models\/([^/]+):\w+$/;

/** Null: whatever it costs, the reply does not tell it in a way that is known here. */
export function meteredOperation(api: Api, method: string, path: string): Operation | null {
  if (method !== 'POST') return null;
  return endings[api].find(([ending]) => path.endsWith(ending))?.[1] ?? null;
}

/** The model, where the path names it. */
export const modelIn = (path: string): string => MODEL.exec(path)?.[1] ?? '';
