/** A bucket of tokens in `cerebra.requests`, and its name where a reply shows it. */
export interface TokenColumn {
  readonly column: string;
  readonly name: string;
  readonly side: 'prompt' | 'output';
}

/** Disjoint, so any sum over them is right. */
export const tokenColumns = [
  { column: 'input_tokens', name: 'input', side: 'prompt' },
  { column: 'cache_read_tokens', name: 'cache_read', side: 'prompt' },
  { column: 'cache_write_5m_tokens', name: 'cache_write_5m', side: 'prompt' },
  { column: 'cache_write_1h_tokens', name: 'cache_write_1h', side: 'prompt' },
  { column: 'cache_write_tokens', name: 'cache_write', side: 'prompt' },
  { column: 'audio_cache_read_tokens', name: 'audio_cache_read', side: 'prompt' },
  { column: 'audio_input_tokens', name: 'audio_input', side: 'prompt' },
  { column: 'image_input_tokens', name: 'image_input', side: 'prompt' },
  { column: 'output_tokens', name: 'output', side: 'output' },
  { column: 'reasoning_tokens', name: 'reasoning', side: 'output' },
  { column: 'audio_output_tokens', name: 'audio_output', side: 'output' },
  { column: 'image_output_tokens', name: 'image_output', side: 'output' },
] as const satisfies readonly TokenColumn[];

const sumOf = (columns: readonly TokenColumn[]): string => columns.map(({ column }) => column).join(' + ');

/** SQL: all tokens of the prompt side, and of the output side. */
export const promptTokens = sumOf(tokenColumns.filter(({ side }) => side === 'prompt'));
export const outputTokens = sumOf(tokenColumns.filter(({ side }) => side === 'output'));
