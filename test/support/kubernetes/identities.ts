import { randomBytes } from 'node:crypto';

/** Who may call a test cluster by a token. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
  readonly token: string;
}

/** A user's part of a kubeconfig. */
export type KubeUser =
  { readonly token: string } | { readonly 'client-certificate-data': string; readonly 'client-key-data': string };

const identity = (user: string, ...groups: readonly string[]): Identity => ({
  user,
  groups,
  token: randomBytes(16).toString('hex'),
});

export type Identities = ReturnType<typeof makeIdentities>;

export const makeIdentities = () => ({
  /** Above RBAC and above every limit on requests: it never meets a 403 or 429. */
  admin: identity('admin', 'system:masters'),
  /** Cluster-admin by an ordinary binding: what it meets is what a product meets. */
  user: identity('user', 'oco:users'),
  controllerManager: identity('system:kube-controller-manager'),
  scheduler: identity('system:kube-scheduler'),
});

/** What kube-apiserver reads from `--token-auth-file`: token, user, uid, groups. */
export const tokenFileOf = (all: Identities): string =>
  Object.values(all)
    .map(({ user, groups, token }) => `${token},${user},${user},"${groups.join(',')}"\n`)
    .join('');

/** A kubeconfig that can travel alone: everything is inline. JSON is YAML. */
export function kubeconfigOf(server: string, authority: string, user: KubeUser): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') } },
    ],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}
