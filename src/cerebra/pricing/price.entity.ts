import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A price that was set by the API. */
@Entity({ name: 'prices', schema: 'cerebra' })
export class PriceRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  provider!: string;

  @Column('text')
  model!: string;

  /** As the API shows them, see `terms.dto.ts`. */
  @Column('jsonb')
  terms!: object;

  /** The Unix epoch where it holds from the beginning. */
  @Column('timestamptz', { name: 'valid_from' })
  validFrom!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;

  /** Of the latest change: replicas read the rows that are newer than what they hold. */
  @Column('bigint')
  revision!: string;
}
