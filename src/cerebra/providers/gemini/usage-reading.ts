import type { UsageReading } from '../usage-reading.js';
import { chunkUsageOf, usageOf } from './usage.pure.js';

export const geminiUsage: UsageReading = { usageMark: Buffer.from('"usageMetadata"'), usageOf, chunkUsageOf };
