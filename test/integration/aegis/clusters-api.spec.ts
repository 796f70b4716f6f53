import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeWithKubernetes } from '../../support/kubernetes/describe.js';
import { TestCluster } from '../../support/kubernetes/test-cluster.js';
import { freePort } from '../../support/free-port.js';
import { ClusterWatch } from '../../../src/aegis/clusters/cluster-watch.job.js';
import { AegisFixture } from './aegis-fixture.js';

const PATH = '/api/v1/clusters';
const cluster = z.looseObject({ id: z.string(), name: z.string(), status: z.string(), version: z.string().nullable() });
const list = z.object({ clusters: z.array(cluster), total: z.int(), next_cursor: z.string().nullable() });
const test = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), latency_ms: z.number() })),
});
const secretOf = (kubeconfig: string): string => /"token":"([^"]+)"/.exec(kubeconfig)?.[1] ?? '';

describeWithKubernetes('clusters', () => {
  let kubernetes: TestCluster;
  let aegis: AegisFixture;
  beforeAll(async () => {
    [kubernetes, aegis] = await Promise.all([TestCluster.start(), AegisFixture.start()]);
  });
  afterAll(async () => {
    await aegis.stop();
    await kubernetes.stop();
  });

  const create = async (name: string, kubeconfig = kubernetes.kubeconfig()) =>
    cluster.parse((await aegis.call('POST', PATH, { name, kubeconfig })).body);
  const secrets = async (): Promise<number> =>
    z
      .tuple([z.object({ count: z.coerce.number() })])
      .parse(await aegis.dataSource.query("SELECT count(*) FROM platform.secrets WHERE purpose = 'aegis.cluster'"))[0]
      .count;

  it('are registered, shown with what they run, renamed and forgotten', async () => {
    const created = await aegis.call('POST', PATH, { name: 'prod', kubeconfig: kubernetes.kubeconfig() });
    expect(created).toMatchObject({
      status: 201,
      body: {
        name: 'prod',
        server: kubernetes.server,
        context: 'test',
        in_cluster: false,
        status: 'reachable',
        status_reason: null,
        version: expect.stringMatching(/^v1\./),
      },
    });
    const { id } = cluster.parse(created.body);
    expect((await aegis.call('GET', `${PATH}/${id}`)).body).toEqual(created.body);
    expect(await aegis.call('PUT', `${PATH}/${id}`, { name: 'main' })).toMatchObject({
      status: 200,
      body: { id, name: 'main', status: 'reachable' },
    });
    expect((await aegis.call('DELETE', `${PATH}/${id}`)).status).toBe(204);
    expect((await aegis.call('GET', `${PATH}/${id}`)).status).toBe(404);
    expect((await aegis.call('DELETE', `${PATH}/${id}`)).status).toBe(404);
    expect(await secrets()).toBe(0);
  });

  it('are listed in pages, the newest first', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    const first = list.parse((await aegis.call('GET', `${PATH}?limit=2`)).body);
    expect(first).toMatchObject({ clusters: [{ name: 'c' }, { name: 'b' }], total: 3 });
    const rest = list.parse((await aegis.call('GET', `${PATH}?limit=2&cursor=${first.next_cursor ?? ''}`)).body);
    expect(rest).toMatchObject({ clusters: [{ name: 'a' }], next_cursor: null });
  });

  it('have a name of their own, and a refused one leaves no credential behind', async () => {
    await create('twice');
    const before = await secrets();
    const again = await aegis.call('POST', PATH, { name: 'twice', kubeconfig: kubernetes.kubeconfig() });
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
    const other = await create('other');
    const renamed = { name: 'twice', kubeconfig: kubernetes.kubeconfig() };
    expect((await aegis.call('PUT', `${PATH}/${other.id}`, renamed)).status).toBe(409);
    expect(await secrets()).toBe(before + 1);
  });

  it('cannot be deleted while something cannot be without them', async () => {
    const { id } = await create('in use');
    await aegis.dataSource.query('CREATE TABLE aegis.test_uses (cluster_id text REFERENCES aegis.clusters)');
    await aegis.dataSource.query('INSERT INTO aegis.test_uses VALUES ($1)', [id]);
    const before = await secrets();
    const refused = await aegis.call('DELETE', `${PATH}/${id}`);
    await aegis.dataSource.query('DROP TABLE aegis.test_uses');
    expect(refused).toMatchObject({ status: 409, body: { error: { message: expect.stringContaining("'in use'") } } });
    expect(await secrets()).toBe(before);
  });

  it('show their credential nowhere: not in a reply, a log line or a table', async () => {
    const kubeconfig = kubernetes.kubeconfig();
    const secret = secretOf(kubeconfig);
    expect(secret).toHaveLength(32);
    const created = await aegis.call('POST', PATH, { name: 'hidden', kubeconfig }, { 'idempotency-key': 'hidden-1' });
    const { id } = cluster.parse(created.body);
    const replies = [
      created,
      await aegis.call('GET', PATH),
      await aegis.call('GET', `${PATH}/${id}`),
      await aegis.call('PUT', `${PATH}/${id}`, { name: 'hidden', kubeconfig }),
      await aegis.call('POST', `${PATH}/${id}/test`),
      await aegis.call('POST', PATH, { name: 'hidden', kubeconfig, unknown: 1 }),
      await aegis.call('POST', PATH, { name: 'x', kubeconfig: kubeconfig.replace('"user":{', '"user":{"exec":1,') }),
      await aegis.call('GET', '/api/v1/audit-log'),
    ];
    const rows = z
      .array(z.object({ name: z.string() }))
      .parse(
        await aegis.dataSource.query(
          "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('aegis', 'platform')",
        ),
      );
    expect(rows.length).toBeGreaterThan(5);
    const tables = await Promise.all(rows.map(({ name }) => aegis.dataSource.query(`SELECT * FROM ${name}`)));
    expect(JSON.stringify(tables)).toContain('hidden');
    for (const place of [JSON.stringify(replies), JSON.stringify(tables), aegis.log.join('\n')]) {
      expect(place).not.toContain(secret);
      expect(place).not.toContain(Buffer.from(secret).toString('base64'));
    }
  });

  it.each([
    ['nothing to reach them by', {}, 'kubeconfig'],
    ['two ways at once', { kubeconfig: 'x', in_cluster: true }, 'kubeconfig'],
    ['a context of nothing', { in_cluster: true, context: 'x' }, 'context'],
    ['text that is no kubeconfig', { kubeconfig: 'hello' }, 'kubeconfig'],
    ['a command', { kubeconfig: '{users: [{name: u, user: {exec: {command: id}}}]}' }, 'kubeconfig'],
    [
      'a file',
      { kubeconfig: '{clusters: [{name: c, cluster: {server: "https://a", certificate-authority: /ca}}]}' },
      'kubeconfig',
    ],
    ['the cluster around us, where there is none', { in_cluster: true }, 'in_cluster'],
    ['a field that there is not', { kubeconfg: 'x', in_cluster: true }, 'kubeconfg'],
  ])('are refused with %s', async (_what, body, field) => {
    const reply = await aegis.call('POST', PATH, { name: 'refused', ...body });
    expect(reply).toMatchObject({
      status: 422,
      body: { error: { code: 'validation_error', details: { [field]: expect.any(String) } } },
    });
  });

  it('that cannot be reached are registered all the same, and say why', async () => {
    const away = kubernetes.kubeconfig('user', `https://127.0.0.1:${await freePort()}`);
    const reply = await aegis.call('POST', PATH, { name: 'away', kubeconfig: away });
    expect(reply).toMatchObject({
      status: 201,
      body: { status: 'unreachable', version: null, status_reason: expect.stringContaining('ECONNREFUSED') },
    });
    const { id } = cluster.parse(reply.body);
    const repaired = await aegis.call('PUT', `${PATH}/${id}`, { name: 'away', kubeconfig: kubernetes.kubeconfig() });
    expect(repaired.body).toMatchObject({ status: 'reachable', version: expect.any(String) });
  });

  it.each([
    ['a token that nobody knows', () => kubernetes.kubeconfigFor({ token: 'nobody' }), 'unauthorized'],
    [
      'a certificate that is none',
      () => kubernetes.kubeconfigFor({ 'client-certificate-data': 'AAAA', 'client-key-data': 'AAAA' }),
      'unreachable',
    ],
  ])('with %s say so', async (name, kubeconfig, status) => {
    const reply = await aegis.call('POST', PATH, { name, kubeconfig: kubeconfig() });
    expect(reply).toMatchObject({ status: 201, body: { status, status_reason: expect.any(String) } });
  });

  it('are looked at by the schedule: status and version stay fresh', async () => {
    const { id } = await create('watched');
    await aegis.dataSource.query("UPDATE aegis.clusters SET status = 'unknown', version = NULL WHERE id = $1", [id]);
    await aegis.app.get(ClusterWatch).lookAtAll(new AbortController().signal);
    expect((await aegis.call('GET', `${PATH}/${id}`)).body).toMatchObject({
      status: 'reachable',
      version: expect.any(String),
    });
  });

  describe('are tested', () => {
    const tested = async (name: string, kubeconfig?: string) => {
      const { id } = await create(name, kubeconfig);
      return test.parse((await aegis.call('POST', `${PATH}/${id}/test`)).body);
    };

    it('part by part', async () => {
      const result = await tested('good');
      expect(result.ok).toBe(true);
      expect(result.checks.map(({ name, ok }) => [name, ok])).toEqual([
        ['connect', true],
        ['credential', true],
        ['discovery', true],
        ['list_namespaces', true],
        ['backup_rights', true],
      ]);
    });

    it('and a missing right is named with its verb and resource', async () => {
      const result = await tested('poor', await kubernetes.kubeconfigOfAccount('tested-poor', []));
      expect(result.ok).toBe(false);
      expect(result.checks).toMatchObject([
        { ok: true },
        { ok: true },
        { ok: true },
        { name: 'list_namespaces', ok: false, detail: expect.stringMatching(/'list' on 'namespaces'/) },
        { name: 'backup_rights', ok: false, detail: expect.stringMatching(/role=backup/) },
      ]);
    });

    it('and one that is away fails every part, within its time', async () => {
      const result = await tested('gone', kubernetes.kubeconfig('user', `https://127.0.0.1:${await freePort()}`));
      expect(result.checks.map(({ ok }) => ok)).toEqual([false, false, false, false, false]);
    });
  });
});
