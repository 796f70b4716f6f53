import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { notFound } from '../../platform/errors/platform.errors.js';
import { SecretStore } from '../../platform/secrets/secret-store.js';
import type { KubeConnection } from './api/kube-connection.js';
import type { ClusterRow } from './cluster.entity.js';
import { ClustersRepository } from './clusters.repository.js';
import { connect, type StoredCredential } from './credentials/connect.js';
import { KubeApi } from './kube-api.js';

interface Held {
  /** Of what the connection was made from. */
  readonly name: string;
  readonly secretId: string | null;
  readonly connection: Promise<KubeConnection>;
}

/** The ways to the API servers: one pool for each cluster, shared by all who call it, closed with the process. */
@Injectable()
export class ClusterConnections implements OnApplicationShutdown {
  /** By the cluster's id; as many as there are clusters, and idle ones hold no socket. */
  private readonly held = new Map<string, Held>();
  /** Replaced or let go, ending what they still do. */
  private readonly leaving = new Set<KubeConnection>();

  constructor(
    @Inject(ClustersRepository) private readonly clusters: ClustersRepository,
    @Inject(SecretStore) private readonly secrets: SecretStore,
  ) {}

  /**
   * With the credential that is stored now, whichever replica stored it.
   * @throws {AppError} 404 where there is no such cluster, 503 where its credential cannot be opened
   */
  async open(clusterId: string): Promise<KubeApi> {
    const row = await this.clusters.find(clusterId);
    if (row === null) {
      this.release(clusterId);
      throw notFound(`Cluster '${clusterId}'`);
    }
    return this.openRow(row);
  }

  /** For whoever has just read the row. */
  async openRow({ id, name, secretId }: ClusterRow): Promise<KubeApi> {
    const held = this.held.get(id);
    if (held !== undefined && held.name === name && held.secretId === secretId)
      return new KubeApi(await held.connection);
    this.release(id);
    const connection = this.connect(name, secretId);
    const fresh = { name, secretId, connection };
    this.held.set(id, fresh);
    try {
      return new KubeApi(await connection);
    } catch (error) {
      if (this.held.get(id) === fresh) this.held.delete(id);
      throw error;
    }
  }

  /** What runs on it goes on to its end. */
  release(clusterId: string): void {
    const held = this.held.get(clusterId);
    if (held === undefined) return;
    this.held.delete(clusterId);
    void held.connection.then(
      (connection) => this.leave(connection),
      () => undefined,
    );
  }

  async onApplicationShutdown(): Promise<void> {
    const opened = await Promise.allSettled([...this.held.values()].map(({ connection }) => connection));
    const connections = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.all([...connections, ...this.leaving].map((connection) => connection.destroy()));
  }

  private async connect(name: string, secretId: string | null): Promise<KubeConnection> {
    const credential: StoredCredential =
      secretId === null
        ? { kind: 'in_cluster', root: '' }
        : { kind: 'kubeconfig', text: await this.secrets.get(secretId) };
    return connect({ name, credential });
  }

  private async leave(connection: KubeConnection): Promise<void> {
    this.leaving.add(connection);
    try {
      await connection.close();
    } finally {
      this.leaving.delete(connection);
    }
  }
}
