import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { ETCD_VERSION, KUBERNETES_VERSION } from './versions.js';

const WITHIN_MS = 600_000;
/** An absent network is found out quickly. */
const FIRST_ANSWER_MS = 10_000;

/** Node's name of an architecture → that of the releases. */
const MACHINES = new Map([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
]);

/** Where the projects publish what they released. */
export interface ReleaseSites {
  readonly kubernetes: string;
  readonly etcd: string;
}

const official: ReleaseSites = {
  kubernetes: 'https://dl.k8s.io',
  etcd: 'https://github.com/etcd-io/etcd/releases/download',
};

/**
 * Fetches the released programs and checks them against the published sums.
 * @returns false where there is no release for this machine, or no network; then nothing is left behind
 */
export async function downloadControlPlane(target: string, sites: ReleaseSites = official): Promise<boolean> {
  const machine = MACHINES.get(arch());
  if (platform() !== 'linux' || machine === undefined) return false;
  mkdirSync(dirname(target), { recursive: true });
  const draft = mkdtempSync(`${target}.`);
  try {
    const programs = `${sites.kubernetes}/${KUBERNETES_VERSION}/bin/linux/${machine}`;
    for (const name of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
      const sum = (await fetched(`${programs}/${name}.sha256`)).toString().trim();
      writeFileSync(join(draft, name), checked(await fetched(`${programs}/${name}`), sum), { mode: 0o755 });
    }
    await fetchEtcd(`${sites.etcd}/${ETCD_VERSION}`, `etcd-${ETCD_VERSION}-linux-${machine}`, draft);
    // Two runs at once: whoever is second finds the first one's.
    if (!existsSync(target)) renameSync(draft, target);
    return true;
  } catch {
    // The caller has another way, or says what is missing.
    return false;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function fetchEtcd(release: string, name: string, draft: string): Promise<void> {
  const sums = (await fetched(`${release}/SHA256SUMS`)).toString();
  const sum =
    sums
      .split('\n')
      .find((line) => line.endsWith(` ${name}.tar.gz`))
      ?.split(' ')[0] ?? '';
  const packed = checked(await fetched(`${release}/${name}.tar.gz`), sum);
  execFileSync('tar', ['-xz', '-C', draft, '--strip-components=1', `${name}/etcd`], { input: packed });
}

async function fetched(url: string): Promise<Buffer> {
  const start = new AbortController();
  const timer = setTimeout(() => start.abort(), FIRST_ANSWER_MS);
  const reply = await fetch(url, { signal: AbortSignal.any([start.signal, AbortSignal.timeout(WITHIN_MS)]) });
  clearTimeout(timer);
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}.`);
  return Buffer.from(await reply.arrayBuffer());
}

function checked(bytes: Buffer, sum: string): Buffer {
  if (createHash('sha256').update(bytes).digest('hex') === sum) return bytes;
  throw new Error('What was downloaded is not what was published.');
}
