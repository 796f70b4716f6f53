import { z } from 'zod';
import type { HostedApi } from '../hosted-api.js';

const list = z.object({ data: z.array(z.looseObject({ id: z.string() })) });

/** Anthropic, and whatever speaks its API. */
export const anthropic: HostedApi = {
  api: 'anthropic',
  publicUrl: 'https://api.anthropic.com',
  version: '/v1',
  credentialHeader: 'x-api-key',
  listing: {
    path: '/v1/models?limit=1000',
    headers: ['anthropic-version', '2023-06-01'],
    read: (reply) => list.parse(reply).data.map((entry) => ({ id: entry.id, entry })),
  },
};
