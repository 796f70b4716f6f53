import type { Usage } from '../../pricing/usage.js';
import type { ChunkUsage } from '../usage-reading.js';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** Anything but a whole number of tokens counts as not told. */
function count(fields: Fields, name: string): number | null {
  const value = fields[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/**
 * Takes OpenAI's `usage` apart into disjoint buckets: its prompt includes what was cached, written to the cache and
 * heard, its completion includes reasoning and speech. Parts never add up to more than the whole they are parts of.
 *
 * @returns null for anything that is no usage, such as the `null` in all chunks but the last
 */
export function usageOf(report: unknown): Usage | null {
  const fields = fieldsOf(report);
  const prompt = count(fields, 'prompt_tokens');
  const completion = count(fields, 'completion_tokens');
  if (prompt === null && completion === null) return null;
  return { ...promptBuckets(fields, prompt ?? 0), ...completionBuckets(fields, prompt ?? 0, completion ?? 0) };
}

function promptBuckets(fields: Fields, prompt: number) {
  const details = fieldsOf(fields['prompt_tokens_details']);
  // DeepSeek has a field of its own instead of the details.
  const cached = count(details, 'cached_tokens') ?? count(fields, 'prompt_cache_hit_tokens') ?? 0;
  const cacheRead = Math.min(cached, prompt);
  // The age of a write is not told here; the catalogue has one price for all of OpenAI's.
  const cacheWrite5m = Math.min(count(details, 'cache_write_tokens') ?? 0, prompt - cacheRead);
  const audioInput = Math.min(count(details, 'audio_tokens') ?? 0, prompt - cacheRead - cacheWrite5m);
  return {
    input: prompt - cacheRead - cacheWrite5m - audioInput,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h: 0,
    audioInput,
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
  return { output: spoken - audioOutput, reasoning, audioOutput };
}

/** @param event the payload of one `data:` event */
export function chunkUsageOf(event: unknown): ChunkUsage {
  const chunk = fieldsOf(event);
  // Groq puts it here too.
  const usage = usageOf(chunk['usage']) ?? usageOf(fieldsOf(chunk['x_groq'])['usage']);
  return { usage, only: usage !== null && Array.isArray(chunk['choices']) && chunk['choices'].length === 0 };
}
