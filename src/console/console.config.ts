import { z } from 'zod';
import { optionalUrl, port } from '../platform/config/variables.js';

const address = optionalUrl(['http:', 'https:']);

/** Where the console finds the contexts: the local ports unless told otherwise. */
export const consoleConfig = z
  .object({
    CEREBRA_URL: address,
    ECONOMIST_URL: address,
    AEGIS_URL: address,
    CEREBRA_PORT: port(8080),
    ECONOMIST_PORT: port(8081),
    AEGIS_PORT: port(8082),
  })
  .transform((variables) => ({
    upstreams: {
      cerebra: variables.CEREBRA_URL ?? `http://127.0.0.1:${variables.CEREBRA_PORT}`,
      economist: variables.ECONOMIST_URL ?? `http://127.0.0.1:${variables.ECONOMIST_PORT}`,
      aegis: variables.AEGIS_URL ?? `http://127.0.0.1:${variables.AEGIS_PORT}`,
    },
  }));

export type ConsoleConfig = z.output<typeof consoleConfig>;
