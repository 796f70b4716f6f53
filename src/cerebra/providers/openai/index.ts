import { z } from 'zod';
import type { HostedApi } from '../hosted-api.js';

const list = z.object({
  data: z.array(
    z.looseObject({
      id: z.string(),
      object: z.literal('model').catch('model'),
      created: z.number().catch(0),
      owned_by: z.string().catch('unknown'),
    }),
  ),
});

/** OpenAI, and whatever speaks its API. */
export const openAi: HostedApi = {
  api: 'openai',
  publicUrl: 'https://api.openai.com/v1',
  version: '',
  credentialHeader: 'authorization',
  listing: {
    path: '/models',
    headers: [],
    read: (reply) => list.parse(reply).data.map((entry) => ({ id: entry.id, entry })),
  },
};
