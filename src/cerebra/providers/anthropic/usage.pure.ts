import { NO_TRAITS, noUsage, type Tier, type Usage } from '../../pricing/usage.js';
import { count, fieldsOf, type Fields } from '../report-fields.pure.js';
import type { ChunkUsage } from '../usage-reading.js';

/** Of Anthropic's tiers; `standard` and all that are not known are billed as the standard one. */
const TIERS: Readonly<Record<string, Tier>> = { priority: 'priority', batch: 'batch' };

/** What costs nothing more: only other values are worth a trait. */
const ORDINARY: ReadonlySet<unknown> = new Set(['global', 'not_available', 'standard']);

/**
 * Anthropic's `usage` in disjoint buckets: its input excludes the cache, its output includes thinking.
 *
 * @returns null for anything that is no usage
 */
export const usageOf = (report: unknown): Usage | null => later(report, null);

/**
 * `message_start` tells what was read, `message_delta` how much was written so far, and perhaps the rest once more.
 *
 * @param event the payload of one event
 * @param earlier what the events before it said
 */
export function chunkUsageOf(event: unknown, earlier: Usage | null): ChunkUsage {
  const { message, usage } = fieldsOf(event);
  const soFar = usage === undefined;
  return { usage: later(usage ?? fieldsOf(message)['usage'], earlier), only: false, soFar };
}

export const showsContent = (event: unknown): boolean => fieldsOf(event)['type'] === 'content_block_delta';

/** A later report replaces what it tells, and leaves what it does not. */
function later(report: unknown, earlier: Usage | null): Usage | null {
  const fields = fieldsOf(report);
  if (count(fields, 'input_tokens') === null && count(fields, 'output_tokens') === null) return null;
  const before = earlier ?? noUsage();
  const written = count(fields, 'output_tokens') ?? before.output + before.reasoning;
  const thought = count(fieldsOf(fields['output_tokens_details']), 'thinking_tokens') ?? before.reasoning;
  const reasoning = Math.min(thought, written);
  const tier = fields['service_tier'];
  return {
    ...before,
    input: count(fields, 'input_tokens') ?? before.input,
    cacheRead: count(fields, 'cache_read_input_tokens') ?? before.cacheRead,
    ...cacheWrites(fields, before),
    output: written - reasoning,
    reasoning,
    webSearches: count(fieldsOf(fields['server_tool_use']), 'web_search_requests') ?? before.webSearches,
    tier: typeof tier === 'string' ? (TIERS[tier] ?? 'standard') : before.tier,
    traits: traitsOf(fields) ?? before.traits,
  };
}

type CacheWrites = Pick<Usage, 'cacheWrite5m' | 'cacheWrite1h' | 'cacheWrite'>;

/** The sum may come alone, before or after its parts: it does not erase them, and tells how much is in neither. */
function cacheWrites(fields: Fields, before: CacheWrites): CacheWrites {
  const split = fieldsOf(fields['cache_creation']);
  const minutes = count(split, 'ephemeral_5m_input_tokens');
  const hour = count(split, 'ephemeral_1h_input_tokens');
  const told = minutes !== null || hour !== null;
  const cacheWrite5m = told ? (minutes ?? 0) : before.cacheWrite5m;
  const cacheWrite1h = told ? (hour ?? 0) : before.cacheWrite1h;
  const sum = count(fields, 'cache_creation_input_tokens');
  if (sum === null) return { cacheWrite5m, cacheWrite1h, cacheWrite: told ? 0 : before.cacheWrite };
  const rest = sum - cacheWrite5m - cacheWrite1h;
  if (rest >= 0 || told) return { cacheWrite5m, cacheWrite1h, cacheWrite: Math.max(rest, 0) };
  // Less than its parts were before: they do not hold any more.
  return { cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite: sum };
}

/** Null where the report says nothing of them. */
function traitsOf({ inference_geo, speed }: Fields): readonly string[] | null {
  if (typeof inference_geo !== 'string' && typeof speed !== 'string') return null;
  const traits: string[] = [];
  if (typeof inference_geo === 'string' && !ORDINARY.has(inference_geo)) traits.push(`inference_geo=${inference_geo}`);
  if (typeof speed === 'string' && !ORDINARY.has(speed)) traits.push(`speed=${speed}`);
  return traits.length === 0 ? NO_TRAITS : traits;
}
