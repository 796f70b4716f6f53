import { defineErrors } from '../platform/errors/app-error.js';

export const aegisErrors = defineErrors({
  clusterForbidden: {
    code: 'cluster_forbidden',
    status: 424,
    severity: 'warn',
    description:
      'The credential of the cluster lacks a right; the message names verb and resource, see `GET /api/v1/clusters/rbac`.',
  },
  clusterRefused: {
    code: 'cluster_refused',
    status: 424,
    severity: 'warn',
    description: 'The API server of the cluster did not do what it was asked; the message says why.',
  },
  clusterThrottled: {
    code: 'cluster_throttled',
    status: 503,
    severity: 'warn',
    description: 'The API server of the cluster asks for less, and went on doing so; try again later.',
  },
  clusterUnauthorized: {
    code: 'cluster_unauthorized',
    status: 424,
    severity: 'warn',
    description: 'The cluster does not know its credential, or no longer: store a new one.',
  },
  clusterUnreachable: {
    code: 'cluster_unreachable',
    status: 502,
    severity: 'warn',
    description: 'The API server of the cluster gave no usable answer in time.',
  },
});
