import { z } from 'zod';

/** As much of a responses request as the simulator answers to. */
export const responsesRequest = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.unknown())]),
  stream: z.boolean().nullish(),
  tools: z.array(z.looseObject({ name: z.string() })).nullish(),
});

type ResponsesRequest = z.output<typeof responsesRequest>;

const PIECES = ['The sea ', 'is blue, ', 'says Zoë 🌊.'];
const CREATED = 1_790_000_000;

const message = (text: string) => ({
  id: 'msg_simulator',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
});

const functionCall = (name: string) => ({
  id: 'fc_simulator',
  type: 'function_call',
  status: 'completed',
  call_id: 'call_simulator',
  name,
  arguments: '{"city":"Paris"}',
});

const outputOf = ({ tools }: ResponsesRequest): object =>
  tools?.[0] === undefined ? message(PIECES.join('')) : functionCall(tools[0].name);

const response = (request: ResponsesRequest, status: string, output: readonly object[], usage: object | null) => ({
  id: 'resp_simulator',
  object: 'response',
  created_at: CREATED,
  status,
  error: null,
  incomplete_details: null,
  model: request.model,
  output,
  parallel_tool_calls: true,
  tool_choice: 'auto',
  tools: request.tools ?? [],
  service_tier: 'default',
  usage,
});

/** 12 of 20 prompt tokens are cached, 3 of 10 output tokens are thought. */
const USAGE = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 12, cache_write_tokens: 0 },
  output_tokens: 10,
  output_tokens_details: { reasoning_tokens: 3 },
  total_tokens: 30,
};

export const responsesReply = (request: ResponsesRequest): object =>
  response(request, 'completed', [outputOf(request)], USAGE);

/** Named events, numbered, and no `[DONE]`. */
export function responseEvents(request: ResponsesRequest): string[] {
  const output = outputOf(request);
  const at = { item_id: 'msg_simulator', output_index: 0, content_index: 0 };
  const deltas =
    request.tools?.[0] === undefined
      ? PIECES.map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] }))
      : [{ type: 'response.function_call_arguments.delta', item_id: 'fc_simulator', output_index: 0, delta: '{}' }];
  const events = [
    { type: 'response.created', response: response(request, 'in_progress', [], null) },
    { type: 'response.output_item.added', output_index: 0, item: { ...output, status: 'in_progress' } },
    ...deltas,
    { type: 'response.output_item.done', output_index: 0, item: output },
    { type: 'response.completed', response: responsesReply(request) },
  ];
  return events.map(
    (event, sequence_number) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number })}\n\n`,
  );
}
