import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { z } from 'zod';
import { connect } from '../../../src/aegis/clusters/credentials/connect.js';
import { KubeApi } from '../../../src/aegis/clusters/kube-api.js';
import { describeWithKubernetes } from '../../support/kubernetes/describe.js';
import { TestCluster } from '../../support/kubernetes/test-cluster.js';
import { AegisFixture } from './aegis-fixture.js';

const objects = z.array(z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) }));
const review = z.object({ status: z.object({ allowed: z.boolean() }) });

interface Right {
  readonly verb: string;
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
}

describeWithKubernetes('the rights that we ask for', () => {
  let kubernetes: TestCluster;
  let aegis: AegisFixture;
  beforeAll(async () => {
    [kubernetes, aegis] = await Promise.all([TestCluster.start(), AegisFixture.start()]);
  });
  afterAll(async () => {
    await aegis.stop();
    await kubernetes.stop();
  });

  const manifest = async (role: string): Promise<z.output<typeof objects>> => {
    const reply = await aegis.call('GET', `/api/v1/clusters/rbac?role=${role}`);
    expect(reply.headers.get('content-type')).toBe('application/yaml; charset=utf-8');
    return objects.parse(loadAll(z.string().parse(reply.body)));
  };

  /** As the account of the manifest, which has been applied. */
  async function mayWith(
    kubeconfig: string,
    { verb, group = '', resource, subresource = '' }: Right,
  ): Promise<boolean> {
    const connection = await connect({ name: 'prod', credential: { kind: 'kubeconfig', text: kubeconfig } });
    const spec = { resourceAttributes: { verb, group, resource, subresource } };
    const outcome = await new KubeApi(connection).write({
      verb: 'create',
      target: { type: { group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectaccessreviews' } },
      body: JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec }),
    });
    await connection.destroy();
    return outcome.kind === 'done' && review.parse(JSON.parse(outcome.body.toString())).status.allowed;
  }

  it('come as a manifest: an account, a role and their binding', async () => {
    const found = await manifest('backup');
    expect(found.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
      ['Namespace', 'open-cloud-ops'],
      ['ServiceAccount', 'open-cloud-ops-backup'],
      ['ClusterRole', 'open-cloud-ops-backup'],
      ['ClusterRoleBinding', 'open-cloud-ops-backup'],
    ]);
    expect((await aegis.call('GET', '/api/v1/clusters/rbac')).status).toBe(422);
    expect((await aegis.call('GET', '/api/v1/clusters/rbac?role=admin')).status).toBe(422);
  });

  describe('for a backup', () => {
    let kubeconfig = '';
    beforeAll(async () => {
      await kubernetes.admin.create(...(await manifest('backup')).filter(({ kind }) => kind === 'ClusterRole'));
      kubeconfig = await kubernetes.kubeconfigOfAccount('backs-up', ['open-cloud-ops-backup']);
    });

    it.each<Right>([
      { verb: 'list', resource: 'secrets' },
      { verb: 'list', group: 'example.test', resource: 'anything' },
      { verb: 'create', resource: 'pods', subresource: 'exec' },
      { verb: 'create', group: 'snapshot.storage.k8s.io', resource: 'volumesnapshots' },
    ])('hold %p', async (right) => {
      expect(await mayWith(kubeconfig, right)).toBe(true);
    });

    it.each<Right>([
      { verb: 'create', resource: 'configmaps' },
      { verb: 'delete', resource: 'namespaces' },
      { verb: 'get', resource: 'nodes', subresource: 'proxy' },
      { verb: 'get', resource: 'services', subresource: 'proxy' },
      { verb: 'watch', resource: 'secrets' },
    ])('do not hold %p', async (right) => {
      expect(await mayWith(kubeconfig, right)).toBe(false);
    });

    it('pass every check of the cluster', async () => {
      const { body } = await aegis.call('POST', '/api/v1/clusters', { name: 'least', kubeconfig });
      const { id } = z.object({ id: z.string() }).parse(body);
      expect((await aegis.call('POST', `/api/v1/clusters/${id}/test`)).body).toMatchObject({ ok: true });
    });
  });

  it('for a restore suffice to put back roles with rights beyond their own, and their bindings', async () => {
    await kubernetes.admin.create(...(await manifest('restore')).filter(({ kind }) => kind === 'ClusterRole'));
    const kubeconfig = await kubernetes.kubeconfigOfAccount('restores', ['open-cloud-ops-restore']);
    const connection = await connect({ name: 'prod', credential: { kind: 'kubeconfig', text: kubeconfig } });
    const group = 'rbac.authorization.k8s.io';
    const write = (resource: string, object: object) =>
      new KubeApi(connection).write({
        verb: 'create',
        target: { type: { group, version: 'v1', resource } },
        body: JSON.stringify({ apiVersion: `${group}/v1`, ...object }),
      });
    const rules = [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }];
    const role = { kind: 'ClusterRole', metadata: { name: 'beyond' }, rules };
    const subjects = [{ kind: 'User', name: 'someone', apiGroup: group }];
    const roleRef = { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' };
    const binding = { kind: 'ClusterRoleBinding', metadata: { name: 'beyond' }, subjects, roleRef };
    expect(await write('clusterroles', role)).toMatchObject({ kind: 'done' });
    expect(await write('clusterrolebindings', binding)).toMatchObject({ kind: 'done' });
    await connection.destroy();
  });
});
