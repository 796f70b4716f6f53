import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ClusterStatus } from './probe.js';

@Entity({ name: 'clusters', schema: 'aegis' })
export class ClusterRow {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  /** URL of the API server. */
  @Column('text')
  server!: string;

  /** Of the kubeconfig; null in the cluster that this runs in. */
  @Column('text', { nullable: true })
  context!: string | null;

  /** Of the sealed kubeconfig; null: the service account of the pod that this runs in. */
  @Column('text', { name: 'secret_id', nullable: true })
  secretId!: string | null;

  /** As found at `checkedAt`. */
  @Column('text')
  status!: ClusterStatus;

  @Column('text', { name: 'status_reason', nullable: true })
  statusReason!: string | null;

  /** Of Kubernetes, such as `v1.36.3`; the last one that it told. */
  @Column('text', { nullable: true })
  version!: string | null;

  @Column('timestamptz', { name: 'checked_at', nullable: true })
  checkedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
