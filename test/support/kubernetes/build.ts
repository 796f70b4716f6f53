import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KUBERNETES_VERSION, KWOK_VERSION } from './versions.js';

const MODULE = join(import.meta.dirname, 'build');
const PACKAGES = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
  .map((name) => `k8s.io/kubernetes/cmd/${name}`)
  .concat('go.etcd.io/etcd/server/v3');
const KWOK = `sigs.k8s.io/kwok/cmd/kwok@${KWOK_VERSION}`;
/** Seen: 3.5 minutes on two cores, the download of the modules included. */
const WITHIN_MS = 1_800_000;

/** Builds the control plane from its Go modules, where there is Go; leaves nothing half done. */
export function buildControlPlane(target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const draft = mkdtempSync(`${target}.`);
  try {
    go(['build', '-trimpath', '-ldflags', linkFlags(), '-o', `${draft}/`, ...PACKAGES]);
    go(['install', '-trimpath', '-ldflags', '-s -w', KWOK], { GOBIN: draft });
    renameSync(join(draft, 'server'), join(draft, 'etcd'));
    // Two runs at once: whoever is second finds the first one's.
    if (!existsSync(target)) renameSync(draft, target);
  } catch {
    // No Go, or no module proxy: the caller says what is missing.
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function go(args: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  execFileSync('go', args, {
    cwd: MODULE,
    env: { ...process.env, CGO_ENABLED: '0', ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: WITHIN_MS,
  });
}

/** A server that was built so does not know its version otherwise. */
function linkFlags(): string {
  const [major, minor] = KUBERNETES_VERSION.slice(1).split('.');
  const values = { gitVersion: KUBERNETES_VERSION, gitMajor: major, gitMinor: minor };
  const flags = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((where) =>
    Object.entries(values).map(([name, value]) => `-X ${where}.${name}=${value}`),
  );
  return ['-s', '-w', ...flags].join(' ');
}
