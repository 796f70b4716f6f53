import type { UsageReading } from '../usage-reading.js';
import { chunkUsageOf, usageOf } from './usage.pure.js';

export const anthropicUsage: UsageReading = { usageMark: Buffer.from('"usage"'), usageOf, chunkUsageOf };
