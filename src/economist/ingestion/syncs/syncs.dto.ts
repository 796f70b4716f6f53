import { z } from 'zod';
import { periodFields } from '../../../platform/http/period.js';

export const syncBody = z
  .strictObject(periodFields)
  .default({})
  .describe('Days to read again; without them: those that the provider may still restate.')
  .meta({ id: 'Sync' });

export type SyncBody = z.output<typeof syncBody>;
