import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterError } from '../../../src/aegis/clusters/api/cluster-error.js';
import { connect, inClusterServer } from '../../../src/aegis/clusters/credentials/connect.js';
import { KubeApi } from '../../../src/aegis/clusters/kube-api.js';
import { statusAnswer } from '../../simulators/kube-proxy/fault.js';
import type { KubeProxy } from '../../simulators/kube-proxy/kube-proxy.js';
import { describeWithKubernetes } from '../../support/kubernetes/describe.js';
import type { TestCluster } from '../../support/kubernetes/test-cluster.js';
import {
  configMap,
  configMaps,
  namespace,
  prod,
  quick,
  secrets,
  startSpoiledApi,
  type SpoiledApi,
} from './kube-api-fixture.js';

describeWithKubernetes('calling an API server', () => {
  let spoiled: SpoiledApi;
  let cluster: TestCluster;
  let proxy: KubeProxy;
  let api: KubeApi;
  beforeAll(async () => {
    spoiled = await startSpoiledApi(namespace('exact'));
    ({ cluster, proxy, api } = spoiled);
  });
  afterAll(async () => spoiled.stop());
  afterEach(() => proxy.reset());

  describe('writes', () => {
    const target = { type: configMaps, namespace: 'exact' };
    const body = (name: string): string => JSON.stringify(configMap('exact', name));

    it('creates, replaces, applies and deletes', async () => {
      expect(await api.write({ verb: 'create', target, body: body('w') })).toMatchObject({ kind: 'done' });
      const one = { ...target, name: 'w' };
      expect(await api.write({ verb: 'update', target: one, body: body('w') })).toMatchObject({ kind: 'done' });
      const applied = JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'w' },
        data: { text: 'y' },
      });
      const apply = { verb: 'patch', patch: 'apply', target: one, body: applied, fieldManager: 'test' } as const;
      expect(await api.write(apply)).toMatchObject({ kind: 'refused', refusal: { status: 409, reason: 'Conflict' } });
      expect(await api.write({ ...apply, force: true, dryRun: true })).toMatchObject({ kind: 'done' });
      expect(String(await api.get(one))).toContain('"text":"x"');
      expect(await api.write({ ...apply, force: true })).toMatchObject({ kind: 'done' });
      expect(String(await api.get(one))).toContain('"text":"y"');
      const wrong = { verb: 'delete', target: one, uid: '00000000-0000-4000-8000-000000000000' } as const;
      expect(await api.write(wrong)).toMatchObject({ kind: 'refused', refusal: { status: 409 } });
      expect(await api.write({ verb: 'delete', target: one })).toMatchObject({ kind: 'done' });
      expect(await api.get(one)).toBeNull();
    });

    it('tells what the server objects to, field by field', async () => {
      const outcome = await api.write({ verb: 'create', target, body: body('Not A Name') });
      expect(outcome).toMatchObject({
        kind: 'refused',
        refusal: { status: 422, reason: 'Invalid', causes: [{ field: 'metadata.name' }] },
      });
    });

    it('asks again after a 429, which means that nothing was done', async () => {
      proxy.spoil(/^POST/, statusAnswer(429, 'TooManyRequests', { 'retry-after': '0' }), 2);
      expect(await api.write({ verb: 'create', target, body: body('again') })).toMatchObject({ kind: 'done' });
      expect(proxy.calls.filter(({ method }) => method === 'POST')).toHaveLength(3);
    });

    it('does not create a second time what may have been created', async () => {
      proxy.spoil(/^POST/, { kind: 'reset', after: true });
      expect(await api.write({ verb: 'create', target, body: body('perhaps') })).toMatchObject({ kind: 'unknown' });
      expect(proxy.calls).toHaveLength(1);
      expect(await api.get({ ...target, name: 'perhaps' })).not.toBeNull();
    });

    it('leaves pacing to a caller that wants only one attempt', async () => {
      proxy.spoil(/^POST/, statusAnswer(429, 'TooManyRequests', { 'retry-after': '7' }));
      const outcome = await api.write({ verb: 'create', target, body: body('paced') }, { attempts: 1 });
      expect(outcome).toMatchObject({ kind: 'refused', refusal: { status: 429, retryAfterMs: 7_000 } });
    });
  });

  it('names verb, resource and namespace of a right that is missing', async () => {
    const kubeconfig = await cluster.kubeconfigOfAccount('no-rights', []);
    const poor = await connect(prod(kubeconfig), quick);
    const read = new KubeApi(poor).list(secrets, { namespace: 'many' }).next();
    await expect(read).rejects.toBeInstanceOf(ClusterError);
    await expect(read).rejects.toMatchObject({
      spec: { code: 'cluster_forbidden', status: 424 },
      message: expect.stringMatching(/'prod' does not allow 'list' on 'secrets' in namespace 'many'.*no-rights/),
    });
    await poor.destroy();
  });

  it('tells of a credential that is not accepted', async () => {
    const stranger = await connect(prod(cluster.kubeconfigFor({ token: 'nobody' })), quick);
    await expect(new KubeApi(stranger).read('/api')).rejects.toMatchObject({ spec: { code: 'cluster_unauthorized' } });
    await stranger.destroy();
  });

  it('shows a client certificate', async () => {
    const certified = await connect(prod(cluster.kubeconfigByCertificate()), quick);
    const review = await new KubeApi(certified).write({
      verb: 'create',
      target: { type: { group: 'authentication.k8s.io', version: 'v1', resource: 'selfsubjectreviews' } },
      body: '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}',
    });
    expect(review.kind === 'done' && review.body.toString()).toContain('"username":"by-certificate"');
    await certified.destroy();
  });

  describe('from inside of it', () => {
    const files = mkdtempSync(join(tmpdir(), 'oco-in-cluster-'));
    const account = join(files, 'var', 'run', 'secrets', 'kubernetes.io', 'serviceaccount');
    beforeAll(() => {
      const { hostname, port } = new URL(cluster.server);
      process.env['KUBERNETES_SERVICE_HOST'] = hostname;
      process.env['KUBERNETES_SERVICE_PORT'] = port;
    });
    afterAll(() => {
      delete process.env['KUBERNETES_SERVICE_HOST'];
      delete process.env['KUBERNETES_SERVICE_PORT'];
      rmSync(files, { recursive: true });
    });

    it('needs the files of a service account', async () => {
      expect(await inClusterServer(files)).toBeNull();
    });

    it('shows the token of the service account', async () => {
      mkdirSync(account, { recursive: true });
      const token = /"token":"([^"]+)"/.exec(await cluster.kubeconfigOfAccount('inside', []))?.[1] ?? '';
      writeFileSync(join(account, 'ca.crt'), cluster.authority);
      writeFileSync(join(account, 'token'), token);
      expect(await inClusterServer(files)).toBe(cluster.server);
      const inside = await connect({ name: 'here', credential: { kind: 'in_cluster', root: files } }, quick);
      await expect(new KubeApi(inside).list(secrets).next()).rejects.toThrow(/system:serviceaccount:default:inside/);
      await inside.destroy();
    });
  });

  it('trusts no server but the one whose authority it was given', async () => {
    const config = cluster
      .kubeconfig()
      .replace(/"certificate-authority-data":"[^"]+"/, '"tls-server-name":"localhost"');
    const misled = await connect(prod(config), quick);
    await expect(new KubeApi(misled).read('/version')).rejects.toMatchObject({
      spec: { code: 'cluster_unreachable' },
      message: expect.stringMatching(/certificate/),
    });
    await misled.destroy();
  });

  it('ends a call whose answer does not come in time', async () => {
    proxy.spoil(/version/, { kind: 'stall', bytes: 20 }, 100);
    await expect(api.read('/version', { withinMs: 100, attempts: 2 })).rejects.toThrow(/no whole reply within 0.1 s/);
    expect(proxy.calls).toHaveLength(2);
  });

  it('ends at once when whoever asked has gone', async () => {
    proxy.spoil(/version/, { kind: 'stall', bytes: 20 });
    const leave = new AbortController();
    const read = api.read('/version', { signal: leave.signal });
    setTimeout(() => leave.abort(new Error('gone')), 50);
    await expect(read).rejects.toThrow('gone');
    expect(proxy.calls).toHaveLength(1);
  });
});
