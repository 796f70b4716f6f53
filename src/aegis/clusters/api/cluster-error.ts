import { AppError, type ErrorSpec } from '../../../platform/errors/app-error.js';
import { aegisErrors } from '../../aegis.errors.js';
import type { Refusal } from './refusal.js';
import { resourceNameOf, type CollectionTarget, type ObjectTarget } from './resource-type.js';
import { THROTTLED } from './retry.pure.js';

const [UNAUTHORIZED, FORBIDDEN] = [401, 403];

/** What was asked of a cluster, as its access rules name it. */
export interface Asked {
  /** Such as `list`. */
  readonly verb: string;
  /** Or a path that belongs to no resource. */
  readonly target: CollectionTarget | ObjectTarget | string;
}

/** A cluster that gives no answer, or refuses what cannot be gone without. */
export class ClusterError extends AppError {
  constructor(
    spec: ErrorSpec,
    message: string,
    /** Null where there was no answer. */
    readonly refusal: Refusal | null,
    cause?: unknown,
  ) {
    super(spec, message, {}, { cause });
  }
}

/** @param cluster its name */
export function refused(cluster: string, asked: Asked, refusal: Refusal): ClusterError {
  const { verb, target } = asked;
  const what = `'${verb}' on ${nameOf(target)}`;
  const said = refusal.message === '' ? '' : ` It says: ${refusal.message}`;
  switch (refusal.status) {
    case UNAUTHORIZED:
      return new ClusterError(
        aegisErrors.clusterUnauthorized,
        `The cluster '${cluster}' does not accept its credential for ${what}: store a new one.${said}`,
        refusal,
      );
    case FORBIDDEN:
      return new ClusterError(
        aegisErrors.clusterForbidden,
        `The cluster '${cluster}' does not allow ${what} to its credential: grant it, see /api/v1/clusters/rbac.${said}`,
        refusal,
      );
    case THROTTLED:
      return new ClusterError(
        aegisErrors.clusterThrottled,
        `The cluster '${cluster}' still has no room for ${what}; try again later.${said}`,
        refusal,
      );
    default:
      return new ClusterError(
        aegisErrors.clusterRefused,
        `The cluster '${cluster}' answered ${refusal.status} to ${what}.${said}`,
        refusal,
      );
  }
}

/** @param why what the connection met */
export function unreachable(cluster: string, { verb, target }: Asked, why: string, cause?: unknown): ClusterError {
  const message = `The cluster '${cluster}' gave no usable answer to '${verb}' on ${nameOf(target)}: ${why}.`;
  return new ClusterError(aegisErrors.clusterUnreachable, message, null, cause);
}

function nameOf(target: Asked['target']): string {
  if (typeof target === 'string') return `'${target}'`;
  const part = 'subresource' in target && target.subresource !== undefined ? `/${target.subresource}` : '';
  const name = 'name' in target ? ` '${target.name}'` : '';
  const where = target.namespace === undefined ? '' : ` in namespace '${target.namespace}'`;
  return `'${resourceNameOf(target.type)}${part}'${name}${where}`;
}
