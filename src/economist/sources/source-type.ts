import type { z } from 'zod';
import type { Instant } from '../../platform/time.js';
import type { CostSource, SyncWindow } from './cost-source.js';

/** A kind of source: one folder, and one line in `source-types.ts`. */
export interface SourceType<Settings = unknown, Credentials = unknown> {
  readonly type: string;
  readonly settings: z.ZodType<Settings>;
  /** What may be stored encrypted; left out by a user, the SDK's default chain applies. */
  readonly credentials: z.ZodType<Credentials>;
  /** The days that the provider may still restate, read by each scheduled sync. */
  restates(now: Instant): SyncWindow;
  open(configured: { readonly settings: Settings; readonly credentials: Credentials | null }): CostSource;
}
