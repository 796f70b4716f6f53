import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Scope } from './budget-gate.js';
import type { Period } from './window.pure.js';

@Entity({ name: 'budgets', schema: 'cerebra' })
export class BudgetRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  scope!: Scope;

  @Column('text', { name: 'entity_id' })
  entityId!: string;

  /** Nano-USD; a bigint in PostgreSQL, so a string here. */
  @Column('bigint', { name: 'limit_nano' })
  limitNano!: string;

  @Column('text')
  period!: Period;

  @Column('text', { name: 'time_zone' })
  timeZone!: string;

  @Column('boolean')
  hard!: boolean;

  @Column('real', { name: 'thresholds_pct', array: true })
  thresholdsPct!: number[];

  @Column('text', { name: 'on_store_failure' })
  onStoreFailure!: 'closed' | 'open';

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  /** When its windows became what they are: its making, or the latest change of period or time zone. */
  @Column('timestamptz', { name: 'counted_since' })
  countedSince!: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  /** Of the latest change: replicas read the rows that are newer than what they hold. */
  @Column('bigint')
  revision!: string;
}
