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
