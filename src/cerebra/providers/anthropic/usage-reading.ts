import type { UsageReading } from '../usage-reading.js';
import { chunkUsageOf, showsContent, usageOf } from './usage.pure.js';

export const anthropicUsage: UsageReading = { usageMark: Buffer.from('"usage"'), usageOf, chunkUsageOf, showsContent };
