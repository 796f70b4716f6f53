import { NO_TRAITS, type Usage } from '../../pricing/usage.js';
import { count, fieldsOf, listOf, type Fields } from '../report-fields.pure.js';
import type { ChunkUsage } from '../usage-reading.js';
import { tierOf } from './tier.pure.js';

/**
 * Gemini's `usageMetadata` in disjoint buckets: its prompt includes what was cached and excludes what its tools read,
 * its candidates exclude thoughts. Pictures and sound are told by modality; video and documents cost as text.
 *
 * @returns null for anything that is no usage
 */
export function usageOf(report: unknown): Usage | null {
  const fields = fieldsOf(report);
  const prompt = count(fields, 'promptTokenCount');
  const candidates = count(fields, 'candidatesTokenCount');
  if (prompt === null && candidates === null) return null;
  return {
    ...promptBuckets(fields, prompt ?? 0),
    ...candidateBuckets(fields, candidates ?? 0),
    reasoning: count(fields, 'thoughtsTokenCount') ?? 0,
    webSearches: 0,
    tier: tierOf(fields['serviceTier']),
    traits: NO_TRAITS,
  };
}

function promptBuckets(fields: Fields, prompt: number) {
  const cached = Math.min(count(fields, 'cachedContentTokenCount') ?? 0, prompt);
  const audioCacheRead = Math.min(tokensOf('AUDIO', fields, 'cacheTokensDetails'), cached);
  const read = prompt - cached + (count(fields, 'toolUsePromptTokenCount') ?? 0);
  const fresh = (modality: string): number =>
    tokensOf(modality, fields, 'promptTokensDetails') +
    tokensOf(modality, fields, 'toolUsePromptTokensDetails') -
    tokensOf(modality, fields, 'cacheTokensDetails');
  const audioInput = within(fresh('AUDIO'), read);
  const imageInput = within(fresh('IMAGE'), read - audioInput);
  return {
    input: read - audioInput - imageInput,
    cacheRead: cached - audioCacheRead,
    audioCacheRead,
    // Storage is paid for by the hour, and not told here.
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheWrite: 0,
    audioInput,
    imageInput,
  };
}

function candidateBuckets(fields: Fields, candidates: number) {
  const audioOutput = within(tokensOf('AUDIO', fields, 'candidatesTokensDetails'), candidates);
  const imageOutput = within(tokensOf('IMAGE', fields, 'candidatesTokensDetails'), candidates - audioOutput);
  return { output: candidates - audioOutput - imageOutput, audioOutput, imageOutput };
}

/** Parts never add up to more than the whole they are parts of. */
const within = (part: number, whole: number): number => Math.min(Math.max(part, 0), whole);

function tokensOf(modality: string, fields: Fields, name: string): number {
  return listOf(fields[name])
    .map(fieldsOf)
    .filter((part) => part['modality'] === modality)
    .reduce((sum, part) => sum + (count(part, 'tokenCount') ?? 0), 0);
}

/**
 * Every chunk repeats the usage so far: the last one holds.
 *
 * @param event the payload of one `data:` event
 */
export function chunkUsageOf(event: unknown): ChunkUsage {
  const { usageMetadata, candidates } = fieldsOf(event);
  const soFar = listOf(candidates).some((candidate) => typeof fieldsOf(candidate)['finishReason'] !== 'string');
  return { usage: usageOf(usageMetadata), only: false, soFar };
}

export const showsContent = (event: unknown): boolean =>
  listOf(fieldsOf(event)['candidates']).some(
    (candidate) => listOf(fieldsOf(fieldsOf(candidate)['content'])['parts']).length > 0,
  );
