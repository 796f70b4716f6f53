import { z } from 'zod';
import { columnMapping } from '../../sources/custom/column-mapping.js';

const mapping = columnMapping.nullable();

/** What a run is to read, as it is stored with it. */
export const runRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('upload'), upload_id: z.string(), name: z.string(), sha256: z.string(), mapping }),
  z.object({ kind: z.literal('path'), path: z.string(), mapping }),
  /** Of the address only its origin and path stand here: what comes after can be a secret, and is sealed. */
  z.object({ kind: z.literal('url'), shown: z.string(), secret_id: z.string(), mapping }),
  z.object({ kind: z.literal('window'), from: z.iso.datetime(), to: z.iso.datetime() }),
]);

export type RunRequest = z.output<typeof runRequest>;
