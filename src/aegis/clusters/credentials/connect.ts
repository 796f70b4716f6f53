import type { KubeConfig } from '@kubernetes/client-node';
import type { RequestOptions } from 'node:https';
import { Pool } from 'undici';
import { KubeConnection } from '../api/kube-connection.js';
import { patient, type RetryPolicy } from '../api/retry.pure.js';

/** As many as a restore has under way; each costs the API server a goroutine or two, no more. */
const CONNECTIONS = 32;
const CONNECT_WITHIN_MS = 10_000;
/** A token that the kubelet has put in place of an old one holds from then on; the old one for minutes more. */
const CREDENTIAL_FOR_MS = 30_000;

/** What is known of a cluster before it is called. */
export interface ClusterAddress {
  /** For messages. */
  readonly name: string;
  readonly credential: StoredCredential;
}

export type StoredCredential =
  | { readonly kind: 'kubeconfig'; readonly text: string }
  /** The service account of the pod that this runs in; `root` is put before the paths of its files. */
  | { readonly kind: 'in_cluster'; readonly root: string };

/**
 * Opens the way to a cluster; connects with the first call.
 * @throws where this runs in no cluster
 */
export async function connect(
  { name, credential }: ClusterAddress,
  retry: RetryPolicy = patient,
): Promise<KubeConnection> {
  const config = await configOf(credential);
  const { origin, pathname } = new URL(config.getCurrentCluster()?.server ?? '');
  const { ca, cert, key, servername, rejectUnauthorized = true } = await httpsOptionsOf(config);
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    allowH2: false,
    connect: { ca, cert, key, servername, rejectUnauthorized, timeout: CONNECT_WITHIN_MS },
  });
  return new KubeConnection({
    cluster: name,
    pool,
    basePath: pathname.replace(/\/$/, ''),
    credential: remembered(async () => credentialOf(await httpsOptionsOf(config))),
    retry,
  });
}

/** @returns the URL of the API server of the cluster that this runs in, or null where it runs in none */
export async function inClusterServer(root = ''): Promise<string | null> {
  const config = await configOf({ kind: 'in_cluster', root });
  const server = config.getCurrentCluster()?.server ?? '';
  if (!URL.canParse(server)) return null;
  try {
    await httpsOptionsOf(config);
    return server;
  } catch {
    // The files of a service account are not there.
    return null;
  }
}

async function configOf(credential: StoredCredential): Promise<KubeConfig> {
  // Some 90 MB with all its generated models: only where a cluster is there to be called.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (credential.kind === 'in_cluster') config.loadFromCluster(credential.root);
  else config.loadFromString(credential.text);
  return config;
}

/** TLS and headers as the official client makes them; it also reads the files of a service account, and again later. */
async function httpsOptionsOf(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}

function credentialOf({ headers, auth }: RequestOptions): Readonly<Record<string, string>> {
  const given = headers === undefined || Array.isArray(headers) ? [] : Object.entries(headers);
  const texts = given.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (typeof auth === 'string') texts.push(['authorization', `Basic ${Buffer.from(auth).toString('base64')}`]);
  return Object.fromEntries(texts);
}

/** Reads it again once it is old; calls in between share one read. */
function remembered<T>(read: () => Promise<T>): () => Promise<T> {
  let held: Promise<T> | null = null;
  let readAt = 0;
  return () => {
    const now = performance.now();
    if (held === null || now - readAt > CREDENTIAL_FOR_MS) {
      readAt = now;
      held = read();
      // A failure is told to whoever waits, and not remembered.
      held.catch(() => (held = null));
    }
    return held;
  };
}
