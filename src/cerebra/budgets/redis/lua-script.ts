import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A script that travels as its digest, and whole only to a server that does not know it. */
export class LuaScript {
  private readonly sha: string;

  constructor(private readonly source: string) {
    this.sha = createHash('sha1').update(source).digest('hex');
  }

  async run(redis: Redis, prefix: string, args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.sha, 1, prefix, ...args);
    } catch (error) {
      if (!startsWith(error, 'NOSCRIPT')) throw error;
      return await redis.eval(this.source, 1, prefix, ...args);
    }
  }
}

/** Whether the server answered with this error code. */
export const startsWith = (error: unknown, code: string): boolean =>
  error instanceof Error && error.message.startsWith(code);

const CONDITIONS = /READONLY|OOM|MISCONF|NOREPLICAS|MASTERDOWN|CLUSTERDOWN/;

/** Whether a script failed on what it was asked, on a server that is well. */
export const isScriptFault = (error: unknown): boolean =>
  (startsWith(error, 'ERR') || startsWith(error, 'WRONGTYPE')) && !CONDITIONS.test(String(error));
