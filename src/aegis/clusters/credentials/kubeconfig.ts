import { load, YAMLException } from 'js-yaml';
import type { z } from 'zod';
import { kubeconfigFile, type KubeconfigFile } from './kubeconfig.dto.js';

/** The part of a kubeconfig that one context needs. */
export interface Kubeconfig {
  readonly context: string;
  readonly server: string;
  /** A kubeconfig of this context alone, in JSON; holds the credential. */
  readonly text: string;
}

export type ReadKubeconfig =
  | { readonly kind: 'read'; readonly kubeconfig: Kubeconfig }
  /** `why` holds nothing of the text: there are credentials in it. */
  | { readonly kind: 'refused'; readonly field: 'kubeconfig' | 'context'; readonly why: string };

const MAX_FAULTS = 5;
const MAX_SENTENCES = 1_000;

/**
 * @param text YAML, from a stranger
 * @param context null for the one that the text calls the current one
 */
export function readKubeconfig(text: string, context: string | null): ReadKubeconfig {
  const parsed = parse(text);
  if (typeof parsed === 'string') return { kind: 'refused', field: 'kubeconfig', why: parsed };
  const name = context ?? parsed['current-context'] ?? '';
  const chosen = parsed.contexts.find((one) => one.name === name);
  if (chosen === undefined) {
    const names = parsed.contexts.map((one) => `'${one.name}'`).join(', ');
    const which = name === '' ? 'It names no current context' : `It has no context '${name}'`;
    const why = `${which}; ${names === '' ? 'there is none in it' : `there are ${names}`}.`;
    return { kind: 'refused', field: context === null ? 'kubeconfig' : 'context', why };
  }
  const cluster = parsed.clusters.find((one) => one.name === chosen.context.cluster);
  const user = parsed.users.find((one) => one.name === chosen.context.user);
  if (cluster === undefined || user === undefined) {
    const missing = cluster === undefined ? `cluster '${chosen.context.cluster}'` : `user '${chosen.context.user}'`;
    return { kind: 'refused', field: 'kubeconfig', why: `Its context '${name}' names the ${missing}, which it lacks.` };
  }
  if (!hasCredential(user.user)) {
    const why = `Its user '${user.name}' has no token, no client certificate with its key, and no password.`;
    return { kind: 'refused', field: 'kubeconfig', why };
  }
  const alone = { apiVersion: 'v1', kind: 'Config', clusters: [cluster], users: [user], contexts: [chosen] };
  const kubeconfig = JSON.stringify({ ...alone, 'current-context': name });
  return { kind: 'read', kubeconfig: { context: name, server: cluster.cluster.server, text: kubeconfig } };
}

/** @returns what is wrong, in words */
function parse(text: string): KubeconfigFile | string {
  let document: unknown;
  try {
    document = load(text, { maxAliases: 0 });
  } catch (error) {
    // The message of the parser quotes the text.
    const where = error instanceof YAMLException && error.mark !== undefined ? ` (line ${error.mark.line + 1})` : '';
    return `It is no YAML${where}.`;
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return 'It is no kubeconfig.';
  const result = kubeconfigFile.safeParse(document);
  return result.success
    ? result.data
    : result.error.issues.slice(0, MAX_FAULTS).map(sentenceOf).join(' ').slice(0, MAX_SENTENCES);
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return `${path}: ${issue.message}`;
  const keys = issue.keys.map((key) => [path, key].filter(Boolean).join('.'));
  return `${keys.join(', ')}: It is not known here, and what is not known is not accepted.`;
}

type User = KubeconfigFile['users'][number]['user'];

const hasCredential = (user: User): boolean =>
  user.token !== undefined ||
  (user['client-certificate-data'] !== undefined && user['client-key-data'] !== undefined) ||
  (user.username !== undefined && user.password !== undefined);
