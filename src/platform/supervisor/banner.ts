import { resolve } from 'node:path';
import type { BoundedContext } from '../bounded-context.js';
import type { Settings } from '../config/settings.js';
import { version } from '../version.js';
import { adminKeyLines, banner } from './banner.pure.js';

/**
 * Prints what a newcomer needs to see after the start.
 * @param ready names of the contexts that serve
 */
export function printBanner(contexts: readonly BoundedContext[], settings: Settings, ready: readonly string[]): void {
  const text = banner({
    version,
    contexts: contexts.map((context) => {
      const { port, config } = settings.contexts.find(({ name }) => name === context.name) ?? { port: 0, config: {} };
      const url = `http://${reachable(settings.host)}:${port}`;
      return {
        title: context.title,
        description: context.description,
        url,
        ready: ready.includes(context.name),
        firstSteps: context.firstSteps?.(url, config) ?? null,
      };
    }),
    dataDir: resolve(settings.dataDir),
    embeddedDatabase: settings.databaseUrl === null,
    redis: settings.redisUrl !== null,
  });
  print(text);
}

/** Shows the admin key of the first start. Not a log line, and at once: it counts only when it has been shown. */
export const printAdminKey = (key: string): void => print(adminKeyLines(key));

function print(text: string): void {
  // Nobody has to read it: a pipe whose reader has left is no reason to end.
  process.stdout.on('error', () => {});
  process.stdout.write(text);
}

/** An address that a shell on this machine can call, also where the process listens on all of them. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
