import { dump } from 'js-yaml';
import { rulesOf, type RbacRole } from './rules.js';

const NAME = 'open-cloud-ops';
const GROUP = 'rbac.authorization.k8s.io';

/**
 * What to apply on a managed cluster: a service account of ours and its rights.
 * @returns YAML; `kubectl create token open-cloud-ops-<role> -n open-cloud-ops` then gives a credential
 */
export function rbacManifest(role: RbacRole): string {
  const name = `${NAME}-${role}`;
  const labels = { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/component': 'aegis' };
  const account = { name, namespace: NAME };
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAME, labels } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...account, labels } },
    { apiVersion: `${GROUP}/v1`, kind: 'ClusterRole', metadata: { name, labels }, rules: rulesOf[role] },
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', ...account }],
    },
  ];
  return objects.map((object) => dump(object, { noRefs: true, lineWidth: 120 })).join('---\n');
}
