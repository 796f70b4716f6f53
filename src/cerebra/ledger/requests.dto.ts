import { z } from 'zod';
import { listFields, listReplyFields } from '../../platform/http/list.js';
import { tiers } from '../pricing/usage.js';
import { requestFilterFields } from './request-filter.dto.js';
import type { RequestRow } from './requests.repository.js';
import { usdOf } from './usd.js';

export const requestsQuery = z.strictObject({
  ...requestFilterFields,
  ...listFields(z.tuple([z.iso.datetime(), z.uuid()])),
});

export const requestReply = z
  .object({
    id: z.uuid().describe('The `x-oco-request-id` of the reply.'),
    timestamp: z.iso.datetime().describe('When the call began.'),
    provider: z.string().nullable(),
    model: z.string().nullable().describe('The model that was asked of the provider.'),
    requested_model: z.string().nullable().describe('The model as the client named it.'),
    route: z.string().nullable(),
    org_id: z.string().nullable(),
    team_id: z.string().nullable(),
    agent_id: z.string().nullable(),
    user_id: z.string().nullable(),
    key_id: z.string().nullable(),
    tags: z.record(z.string(), z.string()),
    stream: z.boolean(),
    input_tokens: z.number().describe('All of the prompt side.'),
    output_tokens: z.number().describe('All of the output side.'),
    total_tokens: z.number(),
    tokens: z.record(z.string(), z.number()).describe('Disjoint buckets; those with nothing in them are left out.'),
    web_searches: z.number().describe('Each at a fee of its own, beside the tokens.'),
    tier: z.enum(tiers).describe('In which the provider served the call, as its reply told.'),
    cost_usd: z.number(),
    cost_usd_exact: z.string(),
    estimated: z.boolean().describe('The provider told no usage: the cost is a guess, never too small.'),
    price_version: z.string().nullable(),
    latency_ms: z.number().nullable(),
    ttfb_ms: z.number().nullable(),
    status_code: z.number().nullable(),
    outcome: z.string(),
    refusal: z.string().optional(),
    retries: z.number(),
    fallback_from: z.string().nullable(),
    cache_hit: z.boolean(),
    was_routed: z.boolean(),
    original_model: z.string().nullable(),
    routed_model: z.string().nullable(),
    savings_usd: z.number(),
    savings_usd_exact: z.string(),
  })
  .meta({ id: 'LedgerRequest' });

export const requestsReply = z.object({ requests: z.array(requestReply), ...listReplyFields });

const withoutZeros = (tokens: RequestRow['tokens']): Record<string, number> =>
  Object.fromEntries(Object.entries(tokens).filter(([, count]) => count !== 0));

export function toRequestReply(row: RequestRow): z.output<typeof requestReply> {
  const [cost, savings] = [usdOf(row.cost_pico), usdOf(row.savings_pico)];
  const [input, output] = [Number(row.prompt_tokens), Number(row.completion_tokens)];
  return {
    id: row.id,
    timestamp: row.time.toISOString(),
    provider: row.provider,
    model: row.model,
    requested_model: row.requested_model,
    route: row.route,
    org_id: row.org_id,
    team_id: row.team_id,
    agent_id: row.agent_id,
    user_id: row.user_id,
    key_id: row.key_id,
    tags: row.tags,
    stream: row.stream,
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    tokens: withoutZeros(row.tokens),
    web_searches: row.web_searches,
    tier: row.tier ?? 'standard',
    cost_usd: cost.value,
    cost_usd_exact: cost.exact,
    estimated: row.estimated,
    price_version: row.price_version,
    latency_ms: row.latency_ms,
    ttfb_ms: row.ttfb_ms,
    status_code: row.status_code,
    outcome: row.outcome,
    ...(row.refusal !== null && { refusal: row.refusal }),
    retries: row.retries,
    fallback_from: row.fallback_from,
    cache_hit: row.cache_hit,
    was_routed: row.route !== null,
    original_model: row.requested_model,
    routed_model: row.model,
    savings_usd: savings.value,
    savings_usd_exact: savings.exact,
  };
}
