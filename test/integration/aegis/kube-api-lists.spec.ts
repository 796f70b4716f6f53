import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ListStep } from '../../../src/aegis/clusters/api/list-pages.js';
import type { ResourceType } from '../../../src/aegis/clusters/api/resource-type.js';
import { statusAnswer, type Fault } from '../../simulators/kube-proxy/fault.js';
import { describeWithKubernetes } from '../../support/kubernetes/describe.js';
import {
  configMap,
  configMaps,
  nameOf,
  namespace,
  quick,
  startSpoiledApi,
  widgets,
  type SpoiledApi,
} from './kube-api-fixture.js';

const token = z.object({ metadata: z.object({ continue: z.string() }) });

const expected = Array.from({ length: 25 }, (_, index) => `m-${index + 10}`);

describeWithKubernetes('listing the objects of a cluster', () => {
  let spoiled: SpoiledApi;
  beforeAll(async () => {
    spoiled = await startSpoiledApi(
      ...['many', 'large', 'exact'].map(namespace),
      ...expected.map((name) => configMap('many', name)),
    );
  });
  afterAll(async () => spoiled.stop());
  afterEach(() => spoiled.proxy.reset());

  async function steps(type: ResourceType, namespace: string, limit?: number): Promise<ListStep[]> {
    const all: ListStep[] = [];
    for await (const step of spoiled.api.list(type, { namespace, limit })) all.push(step);
    return all;
  }
  const names = (all: readonly ListStep[]): string[] =>
    all.flatMap((step) => (step.kind === 'page' ? step.items.map(nameOf) : []));

  it('lists page by page, each object with its type and all of one snapshot', async () => {
    const all = await steps(configMaps, 'many', 10);
    expect(all).toHaveLength(3);
    expect(names(all)).toEqual(expected);
    expect(new Set(all.map((step) => step.kind === 'page' && step.resourceVersion)).size).toBe(1);
    const [first] = all;
    expect(first?.kind === 'page' && String(first.items[0])).toMatch(
      /^\{"kind":"ConfigMap","apiVersion":"v1","metadata"/,
    );
  });

  it('passes values on that a JSON round trip bends', async () => {
    const spec =
      '{"big":9007199254740993,"negative":-9223372036854775808,"__proto__":{"constructor":1},"time":"2026-01-02T03:04:05.123456Z","nothing":null,"empty":{}}';
    const body = `{"apiVersion":"example.test/v1","kind":"Widget","metadata":{"name":"exact"},"spec":${spec}}`;
    const target = { type: widgets, namespace: 'exact' };
    expect(await spoiled.api.write({ verb: 'create', target, body })).toMatchObject({ kind: 'done', status: 201 });
    const [page] = await steps(widgets, 'exact');
    const listed = page?.kind === 'page' ? String(page.items[0]) : '';
    const single = String(await spoiled.api.get({ ...target, name: 'exact' }));
    for (const text of [listed, single]) {
      for (const part of [
        '9007199254740993',
        '-9223372036854775808',
        '"__proto__":{"constructor":1}',
        '05.123456Z"',
        '"nothing":null',
      ])
        expect(text).toContain(part);
    }
  });

  it('takes fewer objects a page where they are large, so that its memory stays bounded', async () => {
    const text = 'x'.repeat(1_000_000);
    for (let index = 10; index < 30; index += 1)
      await spoiled.cluster.admin.create(configMap('large', `l-${index}`, text));
    const all = await steps(configMaps, 'large', 20);
    expect(names(all)).toHaveLength(20);
    expect(new Set(names(all)).size).toBe(20);
    const limits = spoiled.proxy.calls.map(({ path }) => new URLSearchParams(path.split('?')[1]).get('limit'));
    expect(limits[0]).toBe('20');
    expect(new Set(limits.slice(1))).toEqual(new Set(['2']));
  });

  const faults: readonly (readonly [string, Fault])[] = [
    ['429', statusAnswer(429, 'TooManyRequests', { 'retry-after': '1' })],
    ['500', statusAnswer(500, 'InternalError')],
    ['503', statusAnswer(503, 'ServiceUnavailable')],
    ['a reset connection', { kind: 'reset' }],
    ['a body that ends in the middle', { kind: 'cut', bytes: 900 }],
    ['a slow body', { kind: 'drip', bytes: 1_000, everyMs: 2 }],
  ];
  it.each(faults)(
    'goes on after %s in the middle of a list, with nothing lost and nothing twice',
    async (_what, fault) => {
      spoiled.proxy.spoil(/continue=/, fault);
      expect(names(await steps(configMaps, 'many', 10))).toEqual(expected);
    },
  );

  it('gives up after a few tries, and never ends a list early as if it were whole', async () => {
    spoiled.proxy.spoil(/continue=/, statusAnswer(503, 'ServiceUnavailable'), 100);
    const read = steps(configMaps, 'many', 10);
    await expect(read).rejects.toThrow(/'prod' answered 503 to 'list' on 'configmaps' in namespace 'many'/);
    expect(spoiled.proxy.calls).toHaveLength(1 + quick.attempts);
  });

  it('waits no longer for a server that goes on asking for less than its bound', async () => {
    spoiled.proxy.spoil(/./, statusAnswer(429, 'TooManyRequests', { 'retry-after': '3600' }), 100);
    await expect(spoiled.api.read('/version')).rejects.toMatchObject({ spec: { code: 'cluster_throttled' } });
  });

  it('tells of a snapshot that is gone and goes on behind the last object, where the server lets it', async () => {
    const fresh = await freshToken();
    spoiled.proxy.spoil(/continue=/, expiredWith(fresh));
    const all = await steps(configMaps, 'many', 10);
    expect(all.map((step) => (step.kind === 'page' ? step.items.length : step))).toEqual([
      10,
      { kind: 'expired', goesOn: true },
      10,
      5,
    ]);
    expect(names(all)).toEqual(expected);
  });

  it('tells that a list has to begin anew, where the server gives no way on', async () => {
    spoiled.proxy.spoil(/continue=/, statusAnswer(410, 'Expired'));
    const all = await steps(configMaps, 'many', 10);
    expect(all.at(-1)).toEqual({ kind: 'expired', goesOn: false });
    expect(names(all)).toEqual(expected.slice(0, 10));
  });

  it('gives up on a server whose snapshots are always gone', async () => {
    spoiled.proxy.spoil(/continue=/, expiredWith(await freshToken()), 100);
    await expect(steps(configMaps, 'many', 10)).rejects.toThrow(/answered 410 to 'list' on 'configmaps'/);
  });

  /** Of the first ten, as a server would hand it out with its 410. */
  async function freshToken(): Promise<string> {
    const reply = await spoiled.cluster.admin.get('/api/v1/namespaces/many/configmaps?limit=10');
    return token.parse(reply).metadata.continue;
  }
  const expiredWith = (token: string): Fault => {
    const fault = statusAnswer(410, 'Expired');
    return fault.kind === 'answer' ? { ...fault, body: { ...fault.body, metadata: { continue: token } } } : fault;
  };
});
