import { isIP } from 'node:net';
import { z } from 'zod';
import { optionalUrl, port, text } from '../platform/config/variables.js';

const address = optionalUrl(['http:', 'https:']);

/** Bound to every address, the contexts are reached at the local one. */
const WILDCARDS = ['0.0.0.0', '::'];

/** Where the console finds the contexts: beside itself unless told otherwise. */
export const consoleConfig = z
  .object({
    CEREBRA_URL: address,
    ECONOMIST_URL: address,
    AEGIS_URL: address,
    CEREBRA_PORT: port(8080),
    ECONOMIST_PORT: port(8081),
    AEGIS_PORT: port(8082),
    OCO_HOST: text('an address to bind, such as 127.0.0.1 or 0.0.0.0').default('127.0.0.1'),
  })
  .transform((variables) => ({
    upstreams: {
      cerebra: variables.CEREBRA_URL ?? local(variables.OCO_HOST, variables.CEREBRA_PORT),
      economist: variables.ECONOMIST_URL ?? local(variables.OCO_HOST, variables.ECONOMIST_PORT),
      aegis: variables.AEGIS_URL ?? local(variables.OCO_HOST, variables.AEGIS_PORT),
    },
  }));

export type ConsoleConfig = z.output<typeof consoleConfig>;

function local(bound: string, onPort: number): string {
  const host = WILDCARDS.includes(bound) ? '127.0.0.1' : bound;
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${onPort}`;
}
