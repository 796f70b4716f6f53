import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { until } from '../until.js';
import { CLIENT } from './client-certificate.js';
import { startControlPlane, type ControlPlane } from './control-plane.js';
import { startControllers } from './controllers.js';
import { fakeNode, startFakeKubelet } from './fake-node.js';
import { kubeconfigOf, type KubeUser } from './identities.js';
import { KubeClient } from './kube-client.js';
import type { ServerProcess } from './server-process.js';

export interface TestClusterOptions {
  /** The real controller manager and scheduler. */
  readonly controllers?: boolean;
  /** A fake node `node-1`: pods on it are Ready at once. Needs kwok. */
  readonly node?: boolean;
  /** Further ones of kube-apiserver. */
  readonly flags?: readonly string[];
}

const COMPLETE_WITHIN_MS = 30_000;

// Without controllers nobody makes the default ServiceAccount, which pods would lack, nor takes these finalizers away.
const WITHOUT_CONTROLLERS = '--disable-admission-plugins=ServiceAccount,StorageObjectInUseProtection';

const tokenReply = z.object({ status: z.object({ token: z.string() }) });
const nodeStatus = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) }),
});
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A Kubernetes of one spec alone. */
export class TestCluster {
  /** Above RBAC: prepares, and looks what came of it. */
  readonly admin: KubeClient;
  private readonly processes: ServerProcess[];

  private constructor(
    private readonly folder: string,
    private readonly plane: ControlPlane,
  ) {
    const { server, authority, identities, processes } = plane;
    this.admin = new KubeClient(server, authority, identities.admin.token);
    this.processes = [...processes];
  }

  static async start(options: TestClusterOptions = {}): Promise<TestCluster> {
    const { controllers = false, flags = [] } = options;
    const folder = await mkdtemp(join(tmpdir(), 'oco-kubernetes-'));
    try {
      const plane = await startControlPlane(folder, controllers ? flags : [WITHOUT_CONTROLLERS, ...flags]);
      const cluster = new TestCluster(folder, plane);
      await cluster.complete(options);
      return cluster;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get server(): string {
    return this.plane.server;
  }

  /** PEM: what clients of the server trust. */
  get authority(): string {
    return this.plane.authority;
  }

  /** Where the server keeps its certificate and key, for a proxy that stands in for it. */
  get servingFolder(): string {
    return join(this.folder, 'serving');
  }

  /** @param as `user` is cluster-admin by an ordinary binding; `admin` is above RBAC and all limits */
  kubeconfig(as: 'user' | 'admin' = 'user', server = this.server): string {
    return this.kubeconfigFor({ token: this.plane.identities[as].token }, server);
  }

  /** The same rights as `user`, shown by a client certificate. */
  kubeconfigByCertificate(): string {
    return this.kubeconfigFor({
      'client-certificate-data': base64(CLIENT.cert),
      'client-key-data': base64(CLIENT.key),
    });
  }

  /** A service account of the namespace `default` that has these cluster roles and nothing else. */
  async kubeconfigOfAccount(name: string, roles: readonly string[], server = this.server): Promise<string> {
    await this.admin.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'default' } });
    const subjects = [{ kind: 'ServiceAccount', name, namespace: 'default' }];
    for (const role of roles) await this.admin.create(bindingOf(`${name}:${role}`, role, subjects));
    const path = `/api/v1/namespaces/default/serviceaccounts/${name}/token`;
    const { body } = await this.admin.call('POST', path, {
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
    });
    return this.kubeconfigFor({ token: tokenReply.parse(body).status.token }, server);
  }

  kubeconfigFor(user: KubeUser, server = this.server): string {
    return kubeconfigOf(server, this.authority, user);
  }

  /** Requests wait, as on a server that hangs, until {@link resume}. */
  pause(): void {
    this.plane.apiServer.signal('SIGSTOP');
  }

  resume(): void {
    this.plane.apiServer.signal('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.admin.close();
    this.resume();
    // In reverse order: an API server whose etcd has gone first takes half a minute to end.
    for (const process of this.processes.toReversed()) await process.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async complete({ controllers = false, node = false }: TestClusterOptions): Promise<void> {
    try {
      const group = { kind: 'Group', name: 'oco:users', apiGroup: 'rbac.authorization.k8s.io' };
      await this.admin.create(bindingOf('oco:users', 'cluster-admin', [group]));
      if (controllers) this.processes.push(...startControllers(this.folder, this.plane));
      if (node) {
        this.processes.push(await startFakeKubelet(this.folder, this.plane));
        await this.admin.create(fakeNode);
        await this.exists('/api/v1/nodes/node-1', isReady);
      }
      if (controllers) await this.exists('/api/v1/namespaces/default/serviceaccounts/default');
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  private async exists(path: string, test: (object: unknown) => boolean = () => true): Promise<void> {
    await until(
      async () => {
        const { status, body } = await this.admin.call('GET', path);
        return status === 200 && test(body);
      },
      COMPLETE_WITHIN_MS,
      () => this.processes.map((one) => one.lastLines).join('\n'),
    );
  }
}

const isReady = (node: unknown): boolean =>
  nodeStatus.parse(node).status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');

const bindingOf = (name: string, role: string, subjects: readonly object[]) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects,
});
