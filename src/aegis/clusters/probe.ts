import { z } from 'zod';
import { aegisErrors } from '../aegis.errors.js';
import { ClusterError } from './api/cluster-error.js';
import { parseReply } from './api/reply.js';
import type { KubeApi } from './kube-api.js';

export const clusterStatuses = ['unknown', 'reachable', 'unauthorized', 'unreachable'] as const;
export type ClusterStatus = (typeof clusterStatuses)[number];

/** What a short call says of a cluster. */
export interface Probe {
  readonly status: Exclude<ClusterStatus, 'unknown'>;
  /** Null where it is reachable. */
  readonly reason: string | null;
  /** Null where it was not told. */
  readonly version: string | null;
}

const WITHIN_MS = 5_000;
const versionReply = z.object({ gitVersion: z.string().max(100) });

/** @throws the signal's reason, when it is aborted */
export async function probe(api: KubeApi, signal?: AbortSignal): Promise<Probe> {
  const options = { withinMs: WITHIN_MS, attempts: 2, signal };
  try {
    const version = await readVersion(api, options);
    // Anyone may ask for the version; this only those whom the server knows.
    await api.read('/api', options);
    return { status: 'reachable', reason: null, version };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return { status: statusOf(error), reason: error.message, version: null };
  }
}

/** @throws {ClusterError} */
export async function readVersion(api: KubeApi, options: { withinMs?: number; signal?: AbortSignal }): Promise<string> {
  const body = await api.read('/version', options);
  return parseReply(versionReply, body.toString(), api.cluster, { verb: 'get', target: '/version' }).gitVersion;
}

function statusOf({ spec }: ClusterError): Probe['status'] {
  const lacksRights = spec === aegisErrors.clusterUnauthorized || spec === aegisErrors.clusterForbidden;
  return lacksRights ? 'unauthorized' : 'unreachable';
}
