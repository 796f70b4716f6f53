import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RunError, RunKind, RunProgress, RunSlice, RunStatus } from './run.js';

@Entity({ name: 'runs', schema: 'economist' })
export class RunRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'source_id' })
  sourceId!: string;

  @Column('text')
  kind!: RunKind;

  @Column('text')
  status!: RunStatus;

  /** Read by `run-request.ts`. */
  @Column('jsonb')
  request!: object;

  /** Empty until it begins. */
  @Column('jsonb')
  progress!: Partial<RunProgress>;

  /** A bigint in PostgreSQL, so a string here; as those below. */
  @Column('bigint', { name: 'accepted_rows' })
  acceptedRows!: string;

  @Column('bigint', { name: 'repaired_rows' })
  repairedRows!: string;

  @Column('bigint', { name: 'rejected_rows' })
  rejectedRows!: string;

  @Column('jsonb')
  slices!: RunSlice[];

  @Column('bigint', { name: 'provider_requests' })
  providerRequests!: string;

  @Column('numeric', { name: 'provider_cost_usd' })
  providerCostUsd!: string;

  @Column('bigint', { name: 'waited_ms' })
  waitedMs!: string;

  @Column('jsonb', { nullable: true })
  error!: RunError | null;

  @Column('boolean', { name: 'cancel_asked' })
  cancelAsked!: boolean;

  /** How often a worker has taken it, those that let it go in good order not counted. */
  @Column('integer')
  attempts!: number;

  /** When its worker last said that it is at work. */
  @Column('timestamptz', { name: 'alive_at', nullable: true })
  aliveAt!: Date | null;

  /** Grows with every change that can be seen. */
  @Column('bigint')
  revision!: string;

  /** Keys of the deliveries that have been swapped in. */
  @Column('jsonb', { name: 'done_deliveries' })
  doneDeliveries!: string[];

  /** False: what has to be done after its swaps is still to be done. */
  @Column('boolean', { name: 'followed_up' })
  followedUp!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt!: Date | null;
}

/** A run, and the name of its source. */
export interface NamedRun {
  readonly run: RunRow;
  readonly source: string;
}
