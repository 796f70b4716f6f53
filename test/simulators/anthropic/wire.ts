import { randomBytes } from 'node:crypto';
import type { MessagesRequest } from './messages-request.ts';

const WORDS = ['The ', 'sea ', 'is ', 'blue, ', 'says ', 'Zoë ', '🌊', '.'] as const;

const id = (prefix: string): string => prefix + randomBytes(12).toString('hex');

interface Answer {
  readonly words: readonly string[];
  /** The tool that is called instead of an answer. */
  readonly tool: string | null;
  readonly stopReason: 'end_turn' | 'max_tokens' | 'tool_use';
}

function answer({ tools, messages, max_tokens: limit = WORDS.length }: MessagesRequest): Answer {
  const tool = tools?.[0]?.name ?? null;
  const toolHasRun = JSON.stringify(messages.at(-1)?.content ?? '').includes('"tool_result"');
  if (tool !== null && !toolHasRun) return { words: [], tool, stopReason: 'tool_use' };
  return { words: WORDS.slice(0, limit), tool: null, stopReason: limit < WORDS.length ? 'max_tokens' : 'end_turn' };
}

/** A token for every four bytes of the messages. */
export const inputTokens = ({ messages }: MessagesRequest): number =>
  Math.ceil(Buffer.byteLength(JSON.stringify(messages)) / 4);

/** Of the prompt, 10 tokens more come out of the cache, 4 are written for 5 minutes and 2 for an hour. */
const promptUsage = (request: MessagesRequest) => ({
  input_tokens: inputTokens(request),
  cache_creation_input_tokens: 6,
  cache_read_input_tokens: 10,
  cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 2 },
});

const outputTokens = ({ words, tool }: Answer): number => (tool === null ? words.length : 12);

const envelope = (request: MessagesRequest) => ({
  id: id('msg_'),
  type: 'message',
  role: 'assistant',
  model: request.model,
  stop_sequence: null,
});

const toolUse = (name: string, input: object) => ({ type: 'tool_use', id: id('toolu_'), name, input });

/** The reply to a call that is not streamed. */
export function message(request: MessagesRequest): object {
  const answered = answer(request);
  const { words, tool, stopReason } = answered;
  return {
    ...envelope(request),
    content: [tool === null ? { type: 'text', text: words.join('') } : toolUse(tool, { city: 'Paris' })],
    stop_reason: stopReason,
    usage: { ...promptUsage(request), output_tokens: outputTokens(answered), service_tier: 'standard' },
  };
}

/** The events of a streamed reply: named, with pings, without `[DONE]`. */
export function messageEvents(request: MessagesRequest): string[] {
  const answered = answer(request);
  const { words, tool, stopReason } = answered;
  const event = (type: string, more: object = {}): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const delta = (part: object) => event('content_block_delta', { index: 0, delta: part });
  const deltas =
    tool === null
      ? words.map((text) => delta({ type: 'text_delta', text }))
      : ['{"city":"Pa', 'ris"}'].map((partial_json) => delta({ type: 'input_json_delta', partial_json }));
  const block = tool === null ? { type: 'text', text: '' } : toolUse(tool, {});
  const start = { ...envelope(request), content: [], stop_reason: null };
  const { cache_creation: _, ...totals } = promptUsage(request);
  const begun = { ...promptUsage(request), output_tokens: 1, service_tier: 'standard' };
  const ended = { ...totals, output_tokens: outputTokens(answered) };
  return [
    event('message_start', { message: { ...start, usage: begun } }),
    event('content_block_start', { index: 0, content_block: block }),
    event('ping'),
    ...deltas,
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage: ended }),
    event('message_stop'),
  ];
}

/** An error in Anthropic's shape. */
export const errorBody = (type: string, text: string): string =>
  JSON.stringify({ type: 'error', error: { type, message: text }, request_id: id('req_') });

/** The headers that Anthropic sends with every reply. */
export const commonHeaders = (): Record<string, string> => ({
  'request-id': id('req_'),
  'anthropic-organization-id': 'org_simulator',
  'anthropic-ratelimit-requests-limit': '4000',
  'anthropic-ratelimit-requests-remaining': '3999',
  'anthropic-ratelimit-requests-reset': '2026-11-25T00:00:00Z',
  'strict-transport-security': 'max-age=31536000',
});
