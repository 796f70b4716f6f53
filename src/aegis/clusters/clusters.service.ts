import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { invalid, notFound } from '../../platform/errors/platform.errors.js';
import { SecretStore } from '../../platform/secrets/secret-store.js';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { ClusterConnections } from './cluster-connections.js';
import type { ClusterRow } from './cluster.entity.js';
import type { ClusterChange, NewCluster } from './clusters.dto.js';
import { ClustersRepository } from './clusters.repository.js';
import { inClusterServer } from './credentials/connect.js';
import { readKubeconfig } from './credentials/kubeconfig.js';
import { probe } from './probe.js';

/** How a cluster is reached: its columns, and what has to be sealed. */
interface Access {
  readonly server: string;
  readonly context: string | null;
  /** Null: the service account of the pod. */
  readonly kubeconfig: string | null;
}

/** Makes and changes clusters, and knows how they are. */
@Injectable()
export class ClustersService {
  constructor(
    @Inject(ClustersRepository) private readonly clusters: ClustersRepository,
    @Inject(ClusterConnections) private readonly connections: ClusterConnections,
    @Inject(SecretStore) private readonly secrets: SecretStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws {AppError} 404 */
  async get(id: string): Promise<ClusterRow> {
    const row = await this.clusters.find(id);
    if (row === null) throw notFound(`Cluster '${id}'`);
    return row;
  }

  /**
   * The cluster that a field of a request names.
   * @param reference an id or a name
   * @throws {AppError} 422 for that field
   */
  async resolve(reference: string, field = 'cluster'): Promise<ClusterRow> {
    const row = await this.clusters.findByIdOrName(reference);
    if (row === null) throw invalid({ [field]: `There is no cluster '${reference}'.` });
    return row;
  }

  async create({ name, ...given }: NewCluster): Promise<ClusterRow> {
    const access = await accessOf(given);
    const now = new Date(this.clock.now());
    const row = await this.storing(access, (secretId) =>
      this.clusters.insert({
        id: randomUUIDv7(),
        name,
        ...columnsOf(access, secretId),
        createdAt: now,
        updatedAt: now,
      }),
    );
    return this.look(row);
  }

  /** Without a kubeconfig, the one before stays. */
  async update(id: string, { name, ...given }: ClusterChange): Promise<ClusterRow> {
    const updatedAt = new Date(this.clock.now());
    if (given.kubeconfig === undefined && given.in_cluster === undefined) {
      const { row } = await this.clusters.change(id, { name, updatedAt });
      return this.look(row);
    }
    const access = await accessOf(given);
    const { row, formerSecretId } = await this.storing(access, (secretId) =>
      this.clusters.change(id, { name, ...columnsOf(access, secretId), updatedAt }),
    );
    if (formerSecretId !== null) await this.secrets.delete(formerSecretId);
    return this.look(row);
  }

  /** @throws {AppError} 409 where something cannot be without it */
  async delete(id: string): Promise<void> {
    const row = await this.get(id);
    await this.clusters.delete(row);
    this.connections.release(id);
    if (row.secretId !== null) await this.secrets.delete(row.secretId);
  }

  /** Calls the cluster, and keeps what was found. */
  async look(row: ClusterRow, signal?: AbortSignal): Promise<ClusterRow> {
    const found = await probe(await this.connections.openRow(row), signal);
    const at = new Date(this.clock.now());
    await this.clusters.note(row, found, at);
    const version = found.version ?? row.version;
    return Object.assign(row, { status: found.status, statusReason: found.reason, version, checkedAt: at });
  }

  /** A secret that no row names would stay for ever. */
  private async storing<T>({ kubeconfig }: Access, store: (secretId: string | null) => Promise<T>): Promise<T> {
    if (kubeconfig === null) return store(null);
    const secretId = await this.secrets.put('aegis.cluster', kubeconfig);
    try {
      return await store(secretId);
    } catch (error) {
      await this.secrets.delete(secretId);
      throw error;
    }
  }
}

/** @throws {AppError} 422 where the kubeconfig may not be used, or this runs in no cluster */
async function accessOf({ kubeconfig, context }: Pick<ClusterChange, 'kubeconfig' | 'context'>): Promise<Access> {
  if (kubeconfig === undefined) {
    const server = await inClusterServer();
    if (server !== null) return { server, context: null, kubeconfig: null };
    throw invalid({ in_cluster: 'This process runs in no cluster: it has no service account. Give a kubeconfig.' });
  }
  const read = readKubeconfig(kubeconfig, context ?? null);
  if (read.kind === 'refused') throw invalid({ [read.field]: read.why });
  return { server: read.kubeconfig.server, context: read.kubeconfig.context, kubeconfig: read.kubeconfig.text };
}

const columnsOf = ({ server, context }: Access, secretId: string | null) => ({
  server,
  context,
  secretId,
  status: 'unknown' as const,
  statusReason: null,
  version: null,
  checkedAt: null,
});
