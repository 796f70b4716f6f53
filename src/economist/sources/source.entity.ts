import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'sources', schema: 'economist' })
export class SourceRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  type!: string;

  /** As they were given; its type's schema reads them. */
  @Column('jsonb')
  settings!: Record<string, unknown>;

  /** Of the secret that holds them; null: the SDK's default chain. */
  @Column('text', { name: 'credentials_id', nullable: true })
  credentialsId!: string | null;

  /** A cron expression of five fields, in UTC; null: synced by hand. */
  @Column('text', { nullable: true })
  schedule!: string | null;

  /** Slots of the schedule up to here have been met, or lie before it was set. */
  @Column('timestamptz', { name: 'scheduled_until', nullable: true })
  scheduledUntil!: Date | null;

  @Column('boolean')
  enabled!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  /** When the latest run of it ended well. */
  @Column('timestamptz', { name: 'last_sync_at', nullable: true })
  lastSyncAt!: Date | null;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;
}
