import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.js';
import type { ControlPlane } from './control-plane.js';
import { kubeconfigOf } from './identities.js';
import { programPath } from './programs.js';
import { ServerProcess } from './server-process.js';

const STAGES = join(import.meta.dirname, 'node-stages.yaml');

/** For `KubeClient.create`, once kwok runs. */
export const fakeNode = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1', labels: { 'kubernetes.io/hostname': 'node-1', 'kubernetes.io/os': 'linux' } },
} as const;

/** kwok: plays the kubelet of every node, without running a container. */
export async function startFakeKubelet(folder: string, plane: ControlPlane): Promise<ServerProcess> {
  const { server, authority, identities } = plane;
  const kubeconfig = join(folder, 'kwok.kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(server, authority, identities.admin), { mode: 0o600 });
  const port = await freePort();
  const serving = (name: string): string => join(folder, 'serving', name);
  const args = [
    `--kubeconfig=${kubeconfig}`,
    `--config=${STAGES}`,
    '--manage-all-nodes=true',
    '--node-lease-duration-seconds=40',
    // What `exec` goes through.
    '--node-ip=127.0.0.1',
    `--node-port=${port}`,
    `--server-address=127.0.0.1:${port}`,
    `--tls-cert-file=${serving('apiserver.crt')}`,
    `--tls-private-key-file=${serving('apiserver.key')}`,
  ];
  return new ServerProcess('kwok', programPath('kwok'), args, folder);
}
