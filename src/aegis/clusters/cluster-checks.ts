import { z } from 'zod';
import { ClusterError } from './api/cluster-error.js';
import { parseReply } from './api/reply.js';
import { readVersion } from './probe.js';
import type { KubeApi } from './kube-api.js';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** For people: what was found, or what is wrong and what to do. */
  readonly detail: string;
  readonly latencyMs: number;
}

const WITHIN_MS = 10_000;
const options = { withinMs: WITHIN_MS, attempts: 2 };

const accessReview = z.object({ status: z.object({ allowed: z.boolean() }) });
const groups = z.object({ groups: z.array(z.unknown()) });
const namespaces = {
  group: '',
  version: 'v1',
  resource: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
  verbs: [],
};

/** What a backup needs of a cluster, each tried by itself. */
export async function checkCluster(api: KubeApi): Promise<Check[]> {
  return [
    await check('connect', async () => ({ ok: true, detail: `Kubernetes ${await readVersion(api, options)}` })),
    await check('credential', async () => {
      await api.read('/api', options);
      return { ok: true, detail: 'The credential is accepted.' };
    }),
    await check('discovery', async () => {
      const body = await api.read('/apis', options);
      const found = parseReply(groups, body.toString(), api.cluster, { verb: 'get', target: '/apis' });
      return { ok: true, detail: `${found.groups.length} groups beside the core` };
    }),
    await check('list_namespaces', async () => {
      await api.list(namespaces, { limit: 1, attempts: 2 }).next();
      return { ok: true, detail: 'Namespaces can be listed.' };
    }),
    await check('backup_rights', () => mayListEverything(api)),
  ];
}

/** The cluster itself says what its rules allow. */
async function mayListEverything(api: KubeApi): Promise<Pick<Check, 'ok' | 'detail'>> {
  const target = { type: { group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectaccessreviews' } };
  const spec = { resourceAttributes: { verb: 'list', group: '*', resource: '*' } };
  const body = JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec });
  const outcome = await api.write({ verb: 'create', target, body }, options);
  if (outcome.kind !== 'done') {
    return { ok: false, detail: outcome.kind === 'refused' ? outcome.refusal.message : outcome.why };
  }
  const asked = { verb: 'create', target };
  const { allowed } = parseReply(accessReview, outcome.body.toString(), api.cluster, asked).status;
  if (allowed) return { ok: true, detail: "'list' on all resources is allowed." };
  const detail =
    "'list' on all resources is not allowed: a backup holds only what may be listed. See /api/v1/clusters/rbac?role=backup.";
  return { ok: false, detail };
}

async function check(name: string, attempt: () => Promise<Pick<Check, 'ok' | 'detail'>>): Promise<Check> {
  const start = performance.now();
  const latency = (): number => Math.round(performance.now() - start);
  try {
    return { name, ...(await attempt()), latencyMs: latency() };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return { name, ok: false, detail: error.message, latencyMs: latency() };
  }
}
