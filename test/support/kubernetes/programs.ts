import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Without these there is no cluster. */
const REQUIRED = ['kube-apiserver', 'etcd'] as const;

export type Program = (typeof REQUIRED)[number] | 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

/** Set by Kubernetes projects to the folder of the control plane's binaries; here also by the run's set-up. */
export const ASSETS = 'KUBEBUILDER_ASSETS';

export const isControlPlane = (folder: string): boolean => REQUIRED.every((name) => existsSync(join(folder, name)));

/** @returns the path of a program of the control plane, or null where the folder in use lacks it */
export function findProgram(name: Program): string | null {
  const folder = process.env[ASSETS];
  if (folder === undefined) return null;
  const path = join(folder, name);
  return existsSync(path) ? path : null;
}

/** @throws where it is missing: what needs it belongs under `describeWithKubernetes` */
export function programPath(name: Program): string {
  const path = findProgram(name);
  if (path === null)
    throw new Error(`There is no ${name} in $${ASSETS}, which is ${process.env[ASSETS] ?? 'not set'}.`);
  return path;
}
