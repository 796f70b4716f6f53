import { outermost } from '../../gateway/json-usage.pure.js';
import type { Usage } from '../../pricing/usage.js';
import { fieldsOf } from '../report-fields.pure.js';
import type { UsageReading } from '../usage-reading.js';
import { usageOf } from './usage.pure.js';

/** The same counts as in a chat, under other names. */
function responsesUsageOf(report: unknown, tier?: unknown): Usage | null {
  const { input_tokens, input_tokens_details, output_tokens, output_tokens_details, total_tokens } = fieldsOf(report);
  const asInChat = {
    prompt_tokens: input_tokens,
    prompt_tokens_details: input_tokens_details,
    completion_tokens: output_tokens,
    completion_tokens_details: output_tokens_details,
    total_tokens,
  };
  return usageOf(asInChat, tier);
}

/** `/v1/responses`: the last events of a stream carry the whole response, its usage included. */
export const responsesUsage: UsageReading = {
  usageMark: Buffer.from('"usage"'),
  tierIn: outermost('service_tier'),
  usageOf: responsesUsageOf,
  chunkUsageOf(event) {
    const { usage, service_tier } = fieldsOf(fieldsOf(event)['response']);
    return { usage: responsesUsageOf(usage, service_tier), only: false, soFar: false };
  },
  showsContent(event) {
    const { type } = fieldsOf(event);
    return typeof type === 'string' && type.endsWith('.delta');
  },
};
