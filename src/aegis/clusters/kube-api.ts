import { refused } from './api/cluster-error.js';
import type { KubeConnection } from './api/kube-connection.js';
import { listPages, type ListOptions, type ListStep } from './api/list-pages.js';
import { refusalOf } from './api/refusal.js';
import { replyOf, type Reply } from './api/reply.js';
import { pathOf, type ObjectTarget, type ResourceType } from './api/resource-type.js';
import { isRepeatable, requestOf, type KubeWrite, type WriteOutcome } from './api/write.js';

/** Of one reply: the discovery of a cluster with thousands of kinds is some MiB. */
const MAX_BYTES = 32 << 20;
const WITHIN_MS = 60_000;
const NOT_FOUND = 404;

export interface CallOptions {
  /** Milliseconds, for one attempt. */
  readonly withinMs?: number;
  /** At most; a caller that paces itself takes 1. */
  readonly attempts?: number;
  readonly signal?: AbortSignal;
}

export interface ReadOptions extends CallOptions {
  readonly accept?: string;
}

/**
 * One cluster's API server. Objects go in and come out as JSON text, never through typed models: what a model does not
 * know would be lost. Reads are tried again while that may help; writes only where doing them twice does no harm, or the
 * server has said that it did nothing.
 */
export class KubeApi {
  constructor(private readonly connection: KubeConnection) {}

  /** Its name, for messages. */
  get cluster(): string {
    return this.connection.cluster;
  }

  /**
   * What is no object, such as `/version`.
   * @throws {ClusterError} for anything but success
   */
  async read(path: string, { accept, ...options }: ReadOptions = {}): Promise<Buffer> {
    const asked = { verb: 'get', target: path };
    const reply = await this.fetch(path, asked, options, accept === undefined ? {} : { accept });
    if (isSuccess(reply)) return reply.body;
    throw refused(this.cluster, asked, refusalOf(reply.status, reply.retryAfterMs, reply.body));
  }

  /**
   * One object's JSON, as the server sends it.
   * @returns null where there is none
   * @throws {ClusterError}
   */
  async get(target: ObjectTarget, options: CallOptions = {}): Promise<Buffer | null> {
    const asked = { verb: 'get', target };
    const reply = await this.fetch(pathOf(target), asked, options);
    if (isSuccess(reply)) return reply.body;
    if (reply.status === NOT_FOUND) return null;
    throw refused(this.cluster, asked, refusalOf(reply.status, reply.retryAfterMs, reply.body));
  }

  /**
   * All objects of a type, page by page.
   * @throws {ClusterError} where a page cannot be had: what came before is not all there is
   */
  list(type: ResourceType, options: ListOptions = {}): AsyncGenerator<ListStep, void, undefined> {
    return listPages(this.connection, type, options);
  }

  /** What the server refuses is an outcome: whether it matters, the caller knows. */
  async write(write: KubeWrite, { withinMs = WITHIN_MS, attempts, signal }: CallOptions = {}): Promise<WriteOutcome> {
    const limits = { withinMs, attempts, signal, maxBytes: MAX_BYTES, repeatable: isRepeatable(write) };
    const answer = await this.connection.send(requestOf(write), limits);
    switch (answer.kind) {
      case 'reply':
        return isSuccess(answer)
          ? { kind: 'done', status: answer.status, body: answer.body }
          : { kind: 'refused', refusal: refusalOf(answer.status, answer.retryAfterMs, answer.body) };
      case 'broken':
        return { kind: 'unknown', why: answer.why };
      case 'too_large':
        return { kind: 'unknown', why: 'the reply was larger than any object' };
      default:
        return answer satisfies never;
    }
  }

  private async fetch(
    path: string,
    asked: { verb: string; target: ObjectTarget | string },
    { withinMs = WITHIN_MS, attempts, signal }: CallOptions,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const limits = { withinMs, attempts, signal, maxBytes: MAX_BYTES, repeatable: true };
    return replyOf(this.cluster, asked, await this.connection.send({ method: 'GET', path, headers }, limits));
  }
}

const isSuccess = ({ status }: Reply): boolean => status >= 200 && status < 300;
