import type { UsageReading } from '../usage-reading.js';
import { chunkUsageOf, showsContent, usageOf } from './usage.pure.js';

export const geminiUsage: UsageReading = {
  usageMark: Buffer.from('"usageMetadata"'),
  usageOf,
  chunkUsageOf,
  showsContent,
};
