import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { KubeClient } from '../../support/kubernetes/kube-client.js';
import { describeWith, describeWithKubernetes } from '../../support/kubernetes/describe.js';
import { TestCluster } from '../../support/kubernetes/test-cluster.js';
import { until } from '../../support/until.js';

const support = join(import.meta.dirname, '..', '..', 'support');
const namespace = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'example.test/main:1' }] } };
const kubeconfig = z.object({ users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]) });
const progress = z.object({ status: z.looseObject({ succeeded: z.number().optional() }) });

describeWithKubernetes('a cluster of the tests', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(async () => cluster.stop());

  const clientOf = (config: string): KubeClient =>
    new KubeClient(cluster.server, cluster.authority, kubeconfig.parse(JSON.parse(config)).users[0].user.token);

  it('enforces RBAC: an account has the rights that it was given, and no others', async () => {
    await cluster.admin.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'reads-namespaces' },
      rules: [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list'] }],
    });
    const reader = clientOf(await cluster.kubeconfigOfAccount('reader', ['reads-namespaces']));
    expect(await reader.call('GET', '/api/v1/namespaces')).toMatchObject({ status: 200 });
    expect(await reader.call('GET', '/api/v1/secrets')).toMatchObject({ status: 403 });
    await reader.close();
  });

  it('hangs and goes on', async () => {
    cluster.pause();
    const answer = cluster.admin.get('/version');
    const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 200, 'nothing'))]);
    expect(first).toBe('nothing');
    cluster.resume();
    expect(await answer).toMatchObject({ major: '1' });
  });
});

describeWith(
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
)('a cluster with controllers and a node', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start({ controllers: true, node: true });
  });
  afterAll(async () => cluster.stop());

  it('runs pods', async () => {
    const metadata = { name: 'once', namespace: 'shop' };
    await cluster.admin.create(namespace('shop'), {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: { template },
    });
    await until(async () => {
      const job = await cluster.admin.get('/apis/batch/v1/namespaces/shop/jobs/once');
      return progress.parse(job).status.succeeded === 1;
    });
  });
});

it('no program of a cluster outlives a killed test, nor does its folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oco-left-alone-'));
  const script = join(support, 'kubernetes', 'left-alone.ts');
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', join(support, 'run-typescript.mjs'), script, folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const pid = String(await new Promise((resolve) => child.stdout.once('data', resolve))).trim();
  const ended = once(child, 'exit');
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  child.kill('SIGKILL');
  await ended;
  await until(() => !existsSync(`/proc/${pid}`) && !existsSync(folder));
});
