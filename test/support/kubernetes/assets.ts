import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { leaveOut } from '../missing.js';
import { buildControlPlane } from './build.js';
import { downloadControlPlane } from './download.js';
import { ASSETS, isControlPlane } from './programs.js';
import { KUBERNETES_VERSION } from './versions.js';

/** Tools that stand beside a checkout; their script unpacks them once and prints the folder. */
const BESIDE = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'tools', 'envtest', 'unpack.sh');
const REMEDY = `set ${ASSETS} to a folder with kube-apiserver and etcd, or install Go`;

/**
 * Once per run: finds the control plane's programs, or gets them, and names their folder to the specs. Without them,
 * what needs them is left out, and the end of the run says so; on CI the run fails.
 */
export async function prepareKubernetes(): Promise<void> {
  const folder = find() ?? (await obtain());
  if (folder !== null) process.env[ASSETS] = folder;
  else if (process.env.CI === undefined) leaveOut('what runs on Kubernetes', REMEDY);
  else throw new Error(`CI must test what runs on Kubernetes too: ${REMEDY}`);
}

function find(): string | null {
  const given = process.env[ASSETS];
  if (given !== undefined) {
    if (isControlPlane(given)) return given;
    throw new Error(`${ASSETS} is ${given}, where kube-apiserver or etcd is missing.`);
  }
  if (existsSync(BESIDE)) return execFileSync(BESIDE, { encoding: 'utf8' }).trim();
  return isControlPlane(cache()) ? cache() : null;
}

/** Once per machine, in minutes. */
async function obtain(): Promise<string | null> {
  process.stderr.write(`\nGetting Kubernetes ${KUBERNETES_VERSION} for the tests, once, into ${cache()} …\n`);
  if (!(await downloadControlPlane(cache()))) buildControlPlane(cache());
  return isControlPlane(cache()) ? cache() : null;
}

const cache = (): string =>
  join(
    process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    'open-cloud-ops',
    `kubernetes-${KUBERNETES_VERSION}`,
  );
