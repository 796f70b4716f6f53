import type { z } from 'zod';
import { unreachable, type Asked } from './cluster-error.js';
import type { Exchange } from './exchange.js';

export type Reply = Extract<Exchange, { kind: 'reply' }>;

/** @throws {ClusterError} where there is none */
export function replyOf(cluster: string, asked: Asked, answer: Exchange): Reply {
  switch (answer.kind) {
    case 'reply':
      return answer;
    case 'too_large':
      throw unreachable(cluster, asked, 'the reply is larger than any object that Kubernetes stores');
    case 'broken':
      throw unreachable(cluster, asked, answer.why, answer.cause);
    default:
      return answer satisfies never;
  }
}

/**
 * Of an answer whose form we rely on.
 * @throws {ClusterError} where it has another: something that is no API server answers there
 */
export function parseReply<T extends z.ZodType>(schema: T, text: string, cluster: string, asked: Asked): z.output<T> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw unreachable(cluster, asked, 'what answered there is no API server of Kubernetes', cause);
  }
}
