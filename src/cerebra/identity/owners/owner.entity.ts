import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Origin, OwnerKind } from './owner.js';

/** An organisation, a team or an agent. */
@Entity({ name: 'owners', schema: 'cerebra' })
export class OwnerRow {
  @PrimaryColumn('text')
  kind!: OwnerKind;

  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  /** Of teams and agents. */
  @Column('text', { name: 'org_id', nullable: true })
  orgId!: string | null;

  /** Of agents. */
  @Column('text', { name: 'team_id', nullable: true })
  teamId!: string | null;

  @Column('text')
  origin!: Origin;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  /** Of the latest change: replicas read the rows that are newer than what they hold. */
  @Column('bigint')
  revision!: string;
}
