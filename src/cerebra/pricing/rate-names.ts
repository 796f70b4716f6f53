import type { TokenBucket } from './usage.js';

/** As requests and replies name them. */
export const rateNames = {
  input: 'input',
  cacheRead: 'cache_read',
  audioCacheRead: 'audio_cache_read',
  cacheWrite5m: 'cache_write_5m',
  cacheWrite1h: 'cache_write_1h',
  cacheWrite: 'cache_write',
  audioInput: 'audio_input',
  imageInput: 'image_input',
  output: 'output',
  reasoning: 'reasoning',
  audioOutput: 'audio_output',
  imageOutput: 'image_output',
} as const satisfies Record<TokenBucket, string>;
