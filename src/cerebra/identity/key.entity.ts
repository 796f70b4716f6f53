import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RateLimits } from '../limits/rate-limits.js';

/** A virtual key as it is stored: never the key itself. */
@Entity({ name: 'keys', schema: 'cerebra' })
export class Key {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  /** SHA-256 of the key: 256 random bits need no salt and no slow hash. */
  @Column('bytea')
  digest!: Buffer;

  /** The first characters of the key, so that its owner can tell which it is. */
  @Column('text')
  prefix!: string;

  /** Of the secret before the latest rotation, while that is still taken. */
  @Column('bytea', { name: 'previous_digest', nullable: true })
  previousDigest!: Buffer | null;

  /** Null: never rotated. */
  @Column('timestamptz', { name: 'previous_valid_until', nullable: true })
  previousValidUntil!: Date | null;

  @Column('text', { name: 'org_id', nullable: true })
  orgId!: string | null;

  @Column('text', { name: 'team_id', nullable: true })
  teamId!: string | null;

  @Column('text', { name: 'agent_id', nullable: true })
  agentId!: string | null;

  @Column('text', { name: 'user_id', nullable: true })
  userId!: string | null;

  @Column('text', { name: 'allowed_models', array: true, nullable: true })
  allowedModels!: string[] | null;

  @Column('jsonb', { nullable: true })
  limits!: RateLimits | null;

  @Column('boolean', { name: 'clamp_output' })
  clampOutput!: boolean;

  @Column('jsonb')
  tags!: Record<string, string>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  /** Of the latest change: replicas read the rows that are newer than what they hold. */
  @Column('bigint')
  revision!: string;
}
