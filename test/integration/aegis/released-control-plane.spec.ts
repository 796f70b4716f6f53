import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadControlPlane } from '../../support/kubernetes/download.js';
import { ETCD_VERSION, KUBERNETES_VERSION } from '../../support/kubernetes/versions.js';

const machine = arch() === 'arm64' ? 'arm64' : 'amd64';
const programs = `/${KUBERNETES_VERSION}/bin/linux/${machine}`;
const etcd = `etcd-${ETCD_VERSION}-linux-${machine}`;
const sumOf = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
// The releases are for Linux; elsewhere Go builds the programs.
const onLinux = platform() === 'linux' ? it : it.skip;

let folder: string;
let site: Server;
let files: Map<string, Buffer | string>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oco-release-'));
  files = new Map();
  for (const name of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
    files.set(`${programs}/${name}`, `the ${name}`);
    files.set(`${programs}/${name}.sha256`, `${sumOf(`the ${name}`)}\n`);
  }
  const packed = packEtcd();
  files.set(`/${ETCD_VERSION}/${etcd}.tar.gz`, packed);
  files.set(`/${ETCD_VERSION}/SHA256SUMS`, `${sumOf('other')}  other.tar.gz\n${sumOf(packed)}  ${etcd}.tar.gz\n`);
  site = createServer((request, reply) => {
    const found = files.get(request.url ?? '');
    reply.writeHead(found === undefined ? 404 : 200).end(found);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
});
afterEach(() => {
  site.close();
  rmSync(folder, { recursive: true, force: true });
});

function packEtcd(): Buffer {
  mkdirSync(join(folder, 'source', etcd), { recursive: true });
  writeFileSync(join(folder, 'source', etcd, 'etcd'), 'the etcd', { mode: 0o755 });
  return execFileSync('tar', ['-cz', '-C', join(folder, 'source'), etcd]);
}

async function download(): Promise<boolean> {
  const address = site.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return downloadControlPlane(join(folder, 'cache'), { kubernetes: origin, etcd: origin });
}

onLinux('fetches the released programs, checks them and makes them runnable', async () => {
  expect(await download()).toBe(true);
  for (const name of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd']) {
    const file = join(folder, 'cache', name);
    expect(readFileSync(file, 'utf8')).toBe(`the ${name}`);
    expect(statSync(file).mode & 0o111).not.toBe(0);
  }
});

onLinux.each([
  ['a program is not what was published', `${programs}/kube-scheduler`, 'something else'],
  ['etcd is not what was published', `/${ETCD_VERSION}/SHA256SUMS`, `${sumOf('other')}  ${etcd}.tar.gz\n`],
  ['a sum is missing', `${programs}/kube-apiserver.sha256`, ''],
])('keeps nothing where %s', async (_what, path, text) => {
  files.set(path, text);
  expect(await download()).toBe(false);
  expect(readdirSync(folder)).toEqual(['source']);
  expect(existsSync(join(folder, 'cache'))).toBe(false);
});
