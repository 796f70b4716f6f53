import type { Usage } from '../../pricing/usage.js';
import type { UsageReading } from '../usage-reading.js';
import { usageOf } from './usage.pure.js';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});

/** The same counts as in a chat, under other names. */
function responsesUsageOf(report: unknown): Usage | null {
  const { input_tokens, input_tokens_details, output_tokens, output_tokens_details, total_tokens } = fieldsOf(report);
  return usageOf({
    prompt_tokens: input_tokens,
    prompt_tokens_details: input_tokens_details,
    completion_tokens: output_tokens,
    completion_tokens_details: output_tokens_details,
    total_tokens,
  });
}

/** `/v1/responses`: the last events of a stream carry the whole response, its usage included. */
export const responsesUsage: UsageReading = {
  usageMark: Buffer.from('"usage"'),
  usageOf: responsesUsageOf,
  chunkUsageOf: (event) => ({ usage: responsesUsageOf(fieldsOf(fieldsOf(event)['response'])['usage']), only: false }),
};
