import type { z } from 'zod';
import type { Instant } from '../../platform/time.js';
import type { CostSource, SyncWindow } from './cost-source.js';

/** What its own schemas made of what a user gave. */
export interface Configured<Settings, Credentials> {
  readonly settings: Settings;
  readonly credentials: Credentials | null;
}

/** A kind of source: one folder with an injectable class, and one line in `source-types.ts`. */
export interface SourceType<Settings = unknown, Credentials = unknown> {
  readonly type: string;
  readonly settings: z.ZodType<Settings>;
  /** What may be stored encrypted; left out by a user, the SDK's default chain applies. */
  readonly credentials: z.ZodType<Credentials>;
  /** The days that the provider may still restate, read by each scheduled sync. */
  restates(now: Instant): SyncWindow;
  /** Requests to the provider that one source may send in a UTC day; null, or without this: as many as it takes. */
  dailyRequestCap?(settings: Settings): number | null;
  open(configured: Configured<Settings, Credentials>): CostSource;
}
