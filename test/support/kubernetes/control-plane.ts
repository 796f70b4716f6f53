import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { freePort } from '../free-port.js';
import { until } from '../until.js';
import { CLIENT_AUTHORITY } from './client-certificate.js';
import { makeIdentities, tokenFileOf, type Identities } from './identities.js';
import { programPath } from './programs.js';
import { ServerProcess } from './server-process.js';

/** Another process may take a port between its choice and its use. */
const TRIES = 3;
const READY_WITHIN_MS = 60_000;

export interface ControlPlane {
  /** `https://127.0.0.1:<port>`. */
  readonly server: string;
  /** The server's own certificate, PEM: what its clients trust. */
  readonly authority: string;
  readonly identities: Identities;
  readonly apiServer: ServerProcess;
  /** In the order of their start. */
  readonly processes: readonly ServerProcess[];
}

/**
 * etcd and kube-apiserver with RBAC on free ports of loopback, ready when it returns.
 * @param folder empty; everything that they write is in it
 * @param flags further ones of kube-apiserver
 */
export async function startControlPlane(folder: string, flags: readonly string[]): Promise<ControlPlane> {
  const identities = makeIdentities();
  writeFileSync(join(folder, 'tokens.csv'), tokenFileOf(identities), { mode: 0o600 });
  writeFileSync(join(folder, 'client-authority.crt'), CLIENT_AUTHORITY);
  writeServiceAccountKeys(folder);
  for (let tries = 1; ; tries += 1) {
    const [etcdPort, port] = [await freePort(), await freePort()];
    const etcd = startEtcd(folder, etcdPort);
    const apiServer = startApiServer(folder, etcdPort, port, flags);
    const server = `https://127.0.0.1:${port}`;
    try {
      const authority = await ready(server, folder, [etcd, apiServer]);
      return { server, authority, identities, apiServer, processes: [etcd, apiServer] };
    } catch (error) {
      await apiServer.stop();
      await etcd.stop();
      const said = `${etcd.lastLines}${apiServer.lastLines}`;
      if (tries === TRIES || !said.includes('address already in use')) throw error;
    }
  }
}

/** An EC key as OpenSSL used to write it, and its public half: what the API server takes. */
function writeServiceAccountKeys(folder: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const options = { mode: 0o600 };
  writeFileSync(join(folder, 'accounts.key'), privateKey.export({ type: 'sec1', format: 'pem' }), options);
  writeFileSync(join(folder, 'accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }), options);
}

function startEtcd(folder: string, port: number): ServerProcess {
  const [own, peers] = [`http://127.0.0.1:${port}`, 'http://127.0.0.1:0'];
  const args = [
    '--name=test',
    `--data-dir=${join(folder, `etcd-${port}`)}`,
    // No test outlives its cluster.
    '--unsafe-no-fsync',
    '--log-level=error',
    `--listen-client-urls=${own}`,
    `--advertise-client-urls=${own}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=test=${peers}`,
  ];
  return new ServerProcess('etcd', programPath('etcd'), args, folder);
}

function startApiServer(folder: string, etcdPort: number, port: number, flags: readonly string[]): ServerProcess {
  const file = (name: string): string => join(folder, name);
  const args = [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    // It would else refuse to publish itself under a loopback address, again and again.
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    // It makes its own certificate there.
    `--cert-dir=${file('serving')}`,
    `--client-ca-file=${file('client-authority.crt')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${file('accounts.pub')}`,
    `--service-account-signing-key-file=${file('accounts.key')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--allow-privileged=true',
    '--profiling=false',
    ...flags,
  ];
  return new ServerProcess('kube-apiserver', programPath('kube-apiserver'), args, folder);
}

/** @returns the server's certificate */
async function ready(server: string, folder: string, processes: readonly ServerProcess[]): Promise<string> {
  const certificate = join(folder, 'serving', 'apiserver.crt');
  const isReady = async (): Promise<boolean> => {
    if (processes.some(({ hasEnded }) => hasEnded)) throw new Error(processes.map((one) => one.lastLines).join('\n'));
    return existsSync(certificate) && (await answersReady(server, readFileSync(certificate, 'utf8')));
  };
  await until(isReady, READY_WITHIN_MS, () => processes.map((one) => one.lastLines).join('\n'));
  return readFileSync(certificate, 'utf8');
}

async function answersReady(server: string, authority: string): Promise<boolean> {
  const dispatcher = new Agent({ connect: { ca: authority } });
  try {
    const { statusCode, body } = await request(`${server}/readyz`, { dispatcher });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  } finally {
    await dispatcher.destroy();
  }
}
