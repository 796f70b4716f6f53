import { z } from 'zod';
import { ECHO } from './price.js';

const text = z.object({ type: z.literal('text'), text: z.string() });

const chatRequest = z.object({
  messages: z
    .array(
      z.object({
        role: z.string(),
        content: z.union([z.string(), z.array(z.union([text, z.object({ type: z.string() })]))]).nullish(),
      }),
    )
    .min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
});

type ChatRequest = z.output<typeof chatRequest>;
type Content = ChatRequest['messages'][number]['content'];

/** What the model answers, before it takes OpenAI's shape. */
export interface Echo {
  readonly stream: boolean;
  readonly usageAsked: boolean;
  /** One token each. */
  readonly words: readonly string[];
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
}

/** Its tokens are words with the space behind them: enough to see usage move. */
const WORD = /\S+\s*/g;
/** The model's own limit, as in its price. */
const MOST_WORDS = 4_096;

const textOf = (content: Content): string =>
  typeof content === 'string'
    ? content
    : (content ?? []).flatMap((part) => ('text' in part ? [part.text] : [])).join(' ');

const wordsOf = (content: Content): string[] => textOf(content).match(WORD) ?? [];

/** @returns null for a request that the model cannot read */
export function echo(body: unknown): Echo | null {
  const parsed = chatRequest.safeParse(body);
  if (!parsed.success) return null;
  const { messages, stream, stream_options, max_tokens, max_completion_tokens } = parsed.data;
  const said = wordsOf(messages.findLast(({ role }) => role === 'user')?.content);
  const limit = max_completion_tokens ?? max_tokens ?? MOST_WORDS;
  return {
    stream: stream ?? false,
    usageAsked: stream_options?.include_usage ?? false,
    words: said.slice(0, limit),
    finishReason: said.length > limit ? 'length' : 'stop',
    promptTokens: messages.reduce((sum, { content }) => sum + wordsOf(content).length, 0),
  };
}

const usageOf = ({ promptTokens, words }: Echo) => ({
  prompt_tokens: promptTokens,
  completion_tokens: words.length,
  total_tokens: promptTokens + words.length,
});

/** The whole answer as one JSON object. */
export const toCompletion = (id: string, createdSeconds: number, answer: Echo): string =>
  JSON.stringify({
    id,
    object: 'chat.completion',
    created: createdSeconds,
    model: ECHO,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: answer.words.join(''), refusal: null },
        logprobs: null,
        finish_reason: answer.finishReason,
      },
    ],
    usage: usageOf(answer),
  });

/** The same as server-sent events, one word each. */
export function toEvents(id: string, createdSeconds: number, answer: Echo): string[] {
  const event = (choices: readonly object[], usage: object | null): string => {
    const chunk = { id, object: 'chat.completion.chunk', created: createdSeconds, model: ECHO, choices };
    // `usage` stands in every chunk for those who asked for it, and in none for others.
    return `data: ${JSON.stringify(answer.usageAsked ? { ...chunk, usage } : chunk)}\n\n`;
  };
  const choice = (delta: object, finishReason: string | null) => [
    { index: 0, delta, logprobs: null, finish_reason: finishReason },
  ];
  return [
    event(choice({ role: 'assistant', content: '' }, null), null),
    ...answer.words.map((word) => event(choice({ content: word }, null), null)),
    event(choice({}, answer.finishReason), null),
    ...(answer.usageAsked ? [event([], usageOf(answer))] : []),
    'data: [DONE]\n\n',
  ];
}
