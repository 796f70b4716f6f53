/** A rule of Kubernetes' RBAC. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export const rbacRoles = ['backup', 'restore'] as const;
export type RbacRole = (typeof rbacRoles)[number];

const snapshots = ['volumesnapshots', 'volumesnapshotcontents'];

/**
 * The least that a native backup needs. Not `get` on everything: that would also open `pods/exec` and `nodes/proxy`, since
 * a right on all resources covers their subresources.
 */
const backup: readonly Rule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['list'] },
  { apiGroups: [''], resources: ['namespaces', 'pods', 'persistentvolumeclaims', 'persistentvolumes'], verbs: ['get'] },
  { apiGroups: ['snapshot.storage.k8s.io'], resources: snapshots, verbs: ['get', 'create', 'patch', 'delete'] },
  // Hooks: a server decides by the one or the other, as its version is.
  { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] },
];

/**
 * A restore writes whatever was backed up, RBAC included. `escalate` and `bind` let it put back roles that hold rights
 * which it does not have itself.
 */
const restore: readonly Rule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'] },
  {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['roles', 'clusterroles'],
    verbs: ['escalate', 'bind'],
  },
];

export const rulesOf: Readonly<Record<RbacRole, readonly Rule[]>> = { backup, restore };
