import type { QueryRunner } from 'typeorm';
import type { Instant } from '../../../platform/time.js';
import type { RunRow } from '../runs/run.entity.js';
import type { ProgressMeter } from './progress-meter.js';

/** What the rooms of one run share. */
export interface RunContext {
  /** As it was when it was taken. */
  readonly run: RunRow;
  /** Holds the lock of the run's source. */
  readonly connection: QueryRunner;
  /** Aborted when the run is cancelled or the process stops. */
  readonly signal: AbortSignal;
  readonly meter: ProgressMeter;
  readonly now: () => Instant;
}
