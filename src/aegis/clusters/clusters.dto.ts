import { z } from 'zod';
import { listFields, listReplyFields } from '../../platform/http/list.js';
import type { Check } from './cluster-checks.js';
import type { ClusterRow } from './cluster.entity.js';
import { clusterStatuses } from './probe.js';
import { rbacRoles } from './rbac/rules.js';

const MAX_KUBECONFIG = 512 << 10;

const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}+$/u, 'Expected text without control characters.');

const credential = {
  kubeconfig: z
    .string()
    .min(1)
    .max(MAX_KUBECONFIG)
    .describe('YAML text with all credentials inline: `kubectl config view --raw --minify --flatten`. Kept encrypted.')
    .optional(),
  in_cluster: z
    .literal(true)
    .describe('Instead of a kubeconfig: the cluster that this runs in, by the service account of its pod.')
    .optional(),
  context: z.string().min(1).max(500).describe('Of the kubeconfig; its current one where left out.').optional(),
};

const ONE = 'Expected either kubeconfig or in_cluster.';

export const createClusterBody = z
  .strictObject({ name, ...credential })
  .refine((body) => (body.kubeconfig === undefined) !== (body.in_cluster === undefined), {
    path: ['kubeconfig'],
    message: ONE,
  })
  .refine((body) => body.in_cluster === undefined || body.context === undefined, {
    path: ['context'],
    message: 'Expected with a kubeconfig only.',
  })
  .meta({ id: 'CreateCluster' });

export const updateClusterBody = z
  .strictObject({ name, ...credential })
  .refine((body) => body.kubeconfig === undefined || body.in_cluster === undefined, {
    path: ['kubeconfig'],
    message: ONE,
  })
  .refine((body) => body.context === undefined || body.kubeconfig !== undefined, {
    path: ['context'],
    message: 'Expected with a kubeconfig: of the one before, only what its context needs was kept.',
  })
  .meta({ id: 'UpdateCluster' });

export const clusterReply = z
  .object({
    id: z.string(),
    name: z.string(),
    server: z.string().describe('URL of its API server.'),
    context: z.string().nullable(),
    in_cluster: z.boolean(),
    version: z.string().nullable().describe('Of Kubernetes, as it last told.'),
    status: z.enum(clusterStatuses),
    status_reason: z.string().nullable().describe('Why it is not reachable.'),
    checked_at: z.iso.datetime().nullable().describe('When the status was found; it is looked at every minute.'),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Cluster' });

export const clustersQuery = z.strictObject(listFields(z.tuple([z.iso.datetime(), z.string()])));

export const clustersReply = z.object({ clusters: z.array(clusterReply), ...listReplyFields });

export type NewCluster = z.output<typeof createClusterBody>;
export type ClusterChange = z.output<typeof updateClusterBody>;
export type ClustersQuery = z.output<typeof clustersQuery>;
export type ClusterReply = z.output<typeof clusterReply>;

/** Without the credential, which no reply holds. */
export const toReply = (row: ClusterRow): ClusterReply => ({
  id: row.id,
  name: row.name,
  server: row.server,
  context: row.context,
  in_cluster: row.secretId === null,
  version: row.version,
  status: row.status,
  status_reason: row.statusReason,
  checked_at: row.checkedAt?.toISOString() ?? null,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

export const rbacQuery = z.strictObject({ role: z.enum(rbacRoles) });
export type RbacQuery = z.output<typeof rbacQuery>;

export const testReply = z
  .object({
    ok: z.boolean().describe('All of them are.'),
    checks: z.array(
      z.object({
        name: z.string(),
        ok: z.boolean(),
        detail: z.string().describe('What was found, or what is wrong and what to do.'),
        latency_ms: z.number(),
      }),
    ),
  })
  .meta({ id: 'ClusterTest' });

export const toTestReply = (checks: readonly Check[]): z.output<typeof testReply> => ({
  ok: checks.every(({ ok }) => ok),
  checks: checks.map(({ latencyMs, ...check }) => ({ ...check, latency_ms: latencyMs })),
});
