import { z } from 'zod';
import { refused } from './cluster-error.js';
import type { Exchange } from './exchange.js';
import type { KubeConnection } from './kube-connection.js';
import { splitList } from './list-body.pure.js';
import { refusalOf } from './refusal.js';
import { parseReply, replyOf } from './reply.js';
import { apiVersionOf, pathOf, type ResourceType } from './resource-type.js';

export interface ListOptions {
  /** Left out: all of them. */
  readonly namespace?: string;
  /** Kubernetes' own form, `app=web,tier in (db)`; the server applies it. */
  readonly labelSelector?: string;
  /** Objects a page; fewer where they are large. */
  readonly limit?: number;
  /** For each page, at most. */
  readonly attempts?: number;
  readonly signal?: AbortSignal;
}

export type ListStep =
  | {
      readonly kind: 'page';
      /** Each the JSON of one object, as the server sent it. */
      readonly items: readonly Buffer[];
      /** Of the snapshot that the page belongs to. */
      readonly resourceVersion: string;
    }
  /**
   * The snapshot is gone (410). Where `goesOn`, the pages that follow begin behind the last object that was read, and are
   * of newer data; otherwise this is the end, and the list has to begin anew.
   */
  | { readonly kind: 'expired'; readonly goesOn: boolean };

const PAGE = 500;
/** Memory that one list takes, whatever the size of its objects; etcd holds none beyond a few MiB. */
const PAGE_MAX_BYTES = 16 << 20;
const SHRINK = 8;
const PAGE_WITHIN_MS = 120_000;
const GONE = 410;
/** In a row: a server that keeps so little that no two pages fit together will not get better. */
const MAX_EXPIRED = 3;

const envelope = z.object({
  metadata: z.object({ resourceVersion: z.string().default(''), continue: z.string().default('') }),
});

/**
 * Reads a list page by page; a page is whole or not there.
 * @throws {ClusterError} where a page cannot be had
 */
export async function* listPages(
  connection: KubeConnection,
  type: ResourceType,
  options: ListOptions,
): AsyncGenerator<ListStep, void, undefined> {
  const asked = { verb: 'list', target: { type, namespace: options.namespace } };
  const itemType = { apiVersion: apiVersionOf(type), kind: type.kind };
  let limit = options.limit ?? PAGE;
  let token = '';
  let expired = 0;
  for (;;) {
    const answer = await fetchPage(connection, type, options, limit, token);
    if (answer.kind === 'too_large' && limit > 1) {
      limit = Math.max(1, Math.floor(limit / SHRINK));
      continue;
    }
    const reply = replyOf(connection.cluster, asked, answer);
    if (reply.status === GONE && token !== '' && expired < MAX_EXPIRED) {
      expired += 1;
      const next = refusalOf(reply.status, reply.retryAfterMs, reply.body).continueToken;
      yield { kind: 'expired', goesOn: next !== null };
      if (next === null) return;
      token = next;
      continue;
    }
    if (reply.status !== 200) {
      throw refused(connection.cluster, asked, refusalOf(reply.status, reply.retryAfterMs, reply.body));
    }
    expired = 0;
    const { items, envelope: around } = splitList(reply.body, itemType);
    const { metadata } = parseReply(envelope, around, connection.cluster, asked);
    yield { kind: 'page', items, resourceVersion: metadata.resourceVersion };
    if (metadata.continue === '') return;
    token = metadata.continue;
  }
}

function fetchPage(
  connection: KubeConnection,
  type: ResourceType,
  { namespace, labelSelector, attempts, signal }: ListOptions,
  limit: number,
  token: string,
): Promise<Exchange> {
  const query = new URLSearchParams({
    limit: String(limit),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(token === '' ? {} : { continue: token }),
  });
  const path = `${pathOf({ type, namespace })}?${query.toString()}`;
  const limits = { withinMs: PAGE_WITHIN_MS, maxBytes: PAGE_MAX_BYTES, attempts, signal };
  return connection.send({ method: 'GET', path, headers: {} }, { ...limits, repeatable: true });
}
