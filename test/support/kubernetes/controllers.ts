import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlane } from './control-plane.js';
import { kubeconfigOf, type Identity } from './identities.js';
import { programPath } from './programs.js';
import { ServerProcess } from './server-process.js';

/** The real controller manager and scheduler. */
export function startControllers(folder: string, plane: ControlPlane): readonly ServerProcess[] {
  const { controllerManager, scheduler } = plane.identities;
  return [
    start('kube-controller-manager', folder, plane, controllerManager, [
      // Under RBAC each controller has the rights that it needs; the manager itself does not.
      '--use-service-account-credentials=true',
      `--service-account-private-key-file=${join(folder, 'accounts.key')}`,
      `--root-ca-file=${join(folder, 'serving', 'apiserver.crt')}`,
      // It would else make a folder of that name under /usr.
      `--flex-volume-plugin-dir=${join(folder, 'flexvolume')}`,
      '--kube-api-qps=200',
      '--kube-api-burst=400',
    ]),
    start('kube-scheduler', folder, plane, scheduler, []),
  ];
}

function start(
  name: 'kube-controller-manager' | 'kube-scheduler',
  folder: string,
  { server, authority }: ControlPlane,
  { token }: Identity,
  args: readonly string[],
): ServerProcess {
  const kubeconfig = join(folder, `${name}.kubeconfig`);
  writeFileSync(kubeconfig, kubeconfigOf(server, authority, { token }), { mode: 0o600 });
  const common = [`--kubeconfig=${kubeconfig}`, '--secure-port=0', '--leader-elect=false', '--profiling=false'];
  return new ServerProcess(name, programPath(name), [...common, ...args], folder);
}
