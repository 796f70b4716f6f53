import { NO_TRAITS, type Usage } from '../../pricing/usage.js';
import { count, fieldsOf, listOf, type Fields } from '../report-fields.pure.js';
import type { ChunkUsage } from '../usage-reading.js';
import { tierOf } from './tier.pure.js';

/**
 * Takes OpenAI's `usage` apart into disjoint buckets: its prompt includes what was cached, written to the cache, heard
 * and seen, its completion includes reasoning and speech. Parts never add up to more than the whole they are parts of.
 *
 * @param tier the reply's `service_tier`
 * @returns null for anything that is no usage, such as the `null` in all chunks but the last
 */
export function usageOf(report: unknown, tier?: unknown): Usage | null {
  const fields = fieldsOf(report);
  const prompt = count(fields, 'prompt_tokens');
  const completion = count(fields, 'completion_tokens');
  if (prompt === null && completion === null) return null;
  return {
    ...promptBuckets(fields, prompt ?? 0),
    ...completionBuckets(fields, prompt ?? 0, completion ?? 0),
    webSearches: 0,
    tier: tierOf(tier),
    traits: NO_TRAITS,
  };
}

function promptBuckets(fields: Fields, prompt: number) {
  const details = fieldsOf(fields['prompt_tokens_details']);
  let input = prompt;
  const taken = (told: number | null): number => {
    const tokens = Math.min(told ?? 0, input);
    input -= tokens;
    return tokens;
  };
  return {
    // DeepSeek has a field of its own instead of the details.
    cacheRead: taken(count(details, 'cached_tokens') ?? count(fields, 'prompt_cache_hit_tokens')),
    audioCacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    // For half an hour or longer, at one price.
    cacheWrite: taken(count(details, 'cache_write_tokens')),
    audioInput: taken(count(details, 'audio_tokens')),
    imageInput: taken(count(details, 'image_tokens')),
    input,
  };
}

function completionBuckets(fields: Fields, prompt: number, completion: number) {
  const details = fieldsOf(fields['completion_tokens_details']);
  const thought = count(details, 'reasoning_tokens') ?? 0;
  // xAI counts reasoning beside the completion; only the total tells.
  const onTop = thought > 0 && count(fields, 'total_tokens') === prompt + completion + thought;
  const reasoning = onTop ? thought : Math.min(thought, completion);
  const spoken = onTop ? completion : completion - reasoning;
  const audioOutput = Math.min(count(details, 'audio_tokens') ?? 0, spoken);
  const imageOutput = Math.min(count(details, 'image_tokens') ?? 0, spoken - audioOutput);
  return { output: spoken - audioOutput - imageOutput, reasoning, audioOutput, imageOutput };
}

/**
 * @param event the payload of one `data:` event
 * @param earlier what the events before it said
 */
export function chunkUsageOf(event: unknown, earlier: Usage | null): ChunkUsage {
  const chunk = fieldsOf(event);
  const tier = chunk['service_tier'] ?? earlier?.tier;
  // Groq puts it here too.
  const usage = usageOf(chunk['usage'], tier) ?? usageOf(fieldsOf(chunk['x_groq'])['usage'], tier);
  const choices = listOf(chunk['choices']);
  const only = usage !== null && Array.isArray(chunk['choices']) && choices.length === 0;
  return { usage, only, soFar: choices.some((choice) => typeof fieldsOf(choice)['finish_reason'] !== 'string') };
}

/** Text, reasoning, a refusal, a tool's name: whatever a choice says beside whose turn it is. */
export const showsContent = (event: unknown): boolean =>
  listOf(fieldsOf(event)['choices']).some((choice) => {
    const { delta, text } = fieldsOf(choice);
    return isSaid(text) || Object.entries(fieldsOf(delta)).some(([name, said]) => name !== 'role' && isSaid(said));
  });

const isSaid = (value: unknown): boolean =>
  Array.isArray(value) || typeof value === 'string' ? value.length > 0 : typeof value === 'object' && value !== null;
