import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CredentialHeader } from './credentials/credential-header.pure.js';
import type { SealedCredential } from './credentials/sealed-credentials.js';
import type { CatalogueName, ProviderKind } from './kinds.js';

/** A provider that was made by the API. */
@Entity({ name: 'providers', schema: 'cerebra' })
export class ProviderRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  kind!: ProviderKind;

  /** Null: the public address of its kind. */
  @Column('text', { name: 'base_url', nullable: true })
  baseUrl!: string | null;

  @Column('jsonb')
  credentials!: readonly SealedCredential[];

  /** Null: the one that its host or its kind takes. */
  @Column('text', { name: 'credential_header', nullable: true })
  credentialHeader!: CredentialHeader | null;

  /** Whose published prices hold for its models; null: none. */
  @Column('text', { nullable: true })
  catalogue!: CatalogueName | null;

  /** Patterns of plain names that mean its models. */
  @Column('text', { array: true })
  models!: string[];

  @Column('jsonb')
  headers!: Readonly<Record<string, string>>;

  @Column('boolean')
  enabled!: boolean;

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
