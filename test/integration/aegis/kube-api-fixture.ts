import type { KubeConnection } from '../../../src/aegis/clusters/api/kube-connection.js';
import type { ResourceType } from '../../../src/aegis/clusters/api/resource-type.js';
import { connect, type ClusterAddress } from '../../../src/aegis/clusters/credentials/connect.js';
import { KubeApi } from '../../../src/aegis/clusters/kube-api.js';
import { KubeProxy } from '../../simulators/kube-proxy/kube-proxy.js';
import { TestCluster } from '../../support/kubernetes/test-cluster.js';

const coreType = (resource: string, kind: string): ResourceType => ({
  group: '',
  version: 'v1',
  resource,
  kind,
  namespaced: true,
  verbs: ['list'],
});
export const configMaps = coreType('configmaps', 'ConfigMap');
export const secrets = coreType('secrets', 'Secret');
export const widgets: ResourceType = {
  group: 'example.test',
  version: 'v1',
  resource: 'widgets',
  kind: 'Widget',
  namespaced: true,
  verbs: ['list'],
};
const widgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.test' },
  spec: {
    group: 'example.test',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
export const namespace = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

export const configMap = (namespace: string, name: string, text = 'x'): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { text },
});
export const nameOf = (object: Buffer): string => /"name":"([^"]+)"/.exec(object.toString())?.[1] ?? '';
/** Gives up soon, so that a test need not wait. */
export const quick = { attempts: 4, firstDelayMs: 10, longestDelayMs: 100 };

export const prod = (text: string): ClusterAddress => ({ name: 'prod', credential: { kind: 'kubeconfig', text } });

/** The API of a real server, called through a proxy that spoils what a test chooses. */
export interface SpoiledApi {
  readonly cluster: TestCluster;
  readonly proxy: KubeProxy;
  readonly api: KubeApi;
  stop(): Promise<void>;
}

/** @param objects made first, in this order */
export async function startSpoiledApi(...objects: readonly object[]): Promise<SpoiledApi> {
  const cluster = await TestCluster.start();
  const proxy = await KubeProxy.before(cluster);
  const kubeconfig = cluster.kubeconfig('user', proxy.server);
  const connection: KubeConnection = await connect(prod(kubeconfig), quick);
  await cluster.admin.create(widgetDefinition, ...objects);
  return {
    cluster,
    proxy,
    api: new KubeApi(connection),
    stop: async () => {
      await connection.destroy();
      await proxy.close();
      await cluster.stop();
    },
  };
}
