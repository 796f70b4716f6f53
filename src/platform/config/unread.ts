import type { Logger } from 'pino';
import { nearest } from '../http/nearest.pure.js';
import type { Environment } from './environment.js';

/** A variable that is named like one of ours and that nothing reads. */
export interface UnreadVariable {
  readonly name: string;
  /** The one that was probably meant; null: none is near. */
  readonly meant: string | null;
}

/** Kubernetes gives each pod such variables for every service: `CEREBRA_SERVICE_HOST`, `CEREBRA_PORT_8080_TCP_ADDR`. */
const OF_A_SERVICE = /_SERVICE_(?:HOST|PORT)|_PORT_\d+_/;

/** @param prefixes of the names that are ours, as `CEREBRA_` */
export function unreadVariables(
  environment: Environment,
  prefixes: readonly string[],
  known: readonly string[],
): readonly UnreadVariable[] {
  return Object.keys(environment)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
    .filter((name) => !known.includes(name) && !OF_A_SERVICE.test(name))
    .map((name) => ({ name, meant: nearest(name, known) }));
}

/** A misspelt setting is as good as none, which should not go unnoticed. Values are not told: one may be a secret. */
export function warnOfUnread(unread: readonly UnreadVariable[], log: Logger): void {
  for (const { name, meant } of unread)
    log.warn(`Nothing reads the variable ${name}${meant === null ? '' : `; did you mean ${meant}?`}`);
}
