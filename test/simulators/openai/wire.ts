import { randomBytes } from 'node:crypto';
import type { ChatRequest } from './chat-request.ts';

/** What the model says unless a tool is offered. */
const WORDS = ['The ', 'sea ', 'is ', 'blue ', 'and ', 'wide, ', 'says ', 'Zoë ', '🌊', '.'] as const;

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: object;
  readonly completion_tokens_details: object;
}

interface Answer {
  readonly words: readonly string[];
  readonly tool: string | null;
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
  readonly choices: number;
}

const id = (prefix: string): string => prefix + randomBytes(12).toString('hex');

function answer(request: ChatRequest): Answer {
  const choices = request.n ?? 1;
  const tool = request.tools?.[0]?.function.name ?? null;
  if (tool !== null && request.messages.at(-1)?.role !== 'tool') {
    return { words: [], tool, finishReason: 'tool_calls', choices };
  }
  const limit = request.max_completion_tokens ?? request.max_tokens ?? WORDS.length;
  const finishReason = limit < WORDS.length ? 'length' : 'stop';
  return { words: WORDS.slice(0, limit), tool: null, finishReason, choices };
}

/** A token for every four bytes of the messages, and one for each word that is said. */
export function usageFor(request: ChatRequest): Usage {
  const { words, tool, choices } = answer(request);
  const prompt = Math.ceil(Buffer.byteLength(JSON.stringify(request.messages)) / 4);
  const completion = (tool === null ? words.length : 8) * choices;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

const toolCall = (name: string) => ({
  id: id('call_'),
  type: 'function',
  function: { name, arguments: '{"city":"Paris"}' },
});

/** The reply to a call that is not streamed. */
export function completion(request: ChatRequest): string {
  const { words, tool, finishReason, choices } = answer(request);
  return JSON.stringify({
    id: id('chatcmpl-'),
    object: 'chat.completion',
    created: 1_790_000_000,
    model: request.model,
    choices: Array.from({ length: choices }, (_, index) => ({
      index,
      message: {
        role: 'assistant',
        content: tool === null ? words.join('') : null,
        ...(tool === null ? {} : { tool_calls: [toolCall(tool)] }),
        refusal: null,
        annotations: [],
      },
      logprobs: null,
      finish_reason: finishReason,
    })),
    usage: usageFor(request),
    service_tier: 'default',
    system_fingerprint: 'fp_simulator',
  });
}

/** The events of a streamed reply, each with its blank line; `usage` only for those who asked. */
export function events(request: ChatRequest): string[] {
  const { words, tool, finishReason, choices } = answer(request);
  const asked = request.stream_options?.include_usage === true;
  const streamId = id('chatcmpl-');
  const event = (choices: readonly object[], usage: Usage | null): string =>
    `data: ${JSON.stringify({
      id: streamId,
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model: request.model,
      service_tier: 'default',
      system_fingerprint: 'fp_simulator',
      choices,
      ...(asked ? { usage } : {}),
    })}\n\n`;
  const deltas = tool === null ? words.map((content): object => ({ content })) : toolDeltas(tool);
  const sent: string[] = [];
  for (let index = 0; index < choices; index++) {
    const choice = (delta: object, finish_reason: string | null) => [{ index, delta, logprobs: null, finish_reason }];
    sent.push(event(choice({ role: 'assistant', content: tool === null ? '' : null, refusal: null }, null), null));
    for (const delta of deltas) sent.push(event(choice(delta, null), null));
    sent.push(event(choice({}, finishReason), null));
  }
  if (asked) sent.push(event([], usageFor(request)));
  return [...sent, 'data: [DONE]\n\n'];
}

/** Arguments arrive in pieces that are no JSON by themselves. */
function toolDeltas(name: string): object[] {
  const call = toolCall(name);
  const piece = (part: object): object => ({ tool_calls: [{ index: 0, ...part }] });
  return [
    piece({ ...call, function: { name, arguments: '' } }),
    piece({ function: { arguments: '{"city":"Pa' } }),
    piece({ function: { arguments: 'ris"}' } }),
  ];
}

/** An error in OpenAI's shape. */
export const errorBody = (message: string, type: string, code: string | null, param: string | null = null): string =>
  JSON.stringify({ error: { message, type, param, code } });

/** The headers that OpenAI sends with every reply. */
export const commonHeaders = (): Record<string, string> => ({
  'x-request-id': id('req_'),
  'openai-version': '2020-10-01',
  'openai-processing-ms': '3',
  'x-ratelimit-limit-requests': '10000',
  'x-ratelimit-remaining-requests': '9999',
  'x-ratelimit-reset-requests': '6ms',
  'x-ratelimit-limit-tokens': '2000000',
  'x-ratelimit-remaining-tokens': '1999950',
  'x-ratelimit-reset-tokens': '1ms',
  'set-cookie': '__cf_bm=simulator; path=/; HttpOnly',
  'strict-transport-security': 'max-age=31536000',
});
