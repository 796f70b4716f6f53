import { z } from 'zod';
import type { HostedApi } from '../hosted-api.js';

const list = z.object({ models: z.array(z.looseObject({ name: z.string() })) });

const COLLECTION = 'models/';

const idOf = (name: string): string => (name.startsWith(COLLECTION) ? name.slice(COLLECTION.length) : name);

/** Gemini, and whatever speaks its API. */
export const gemini: HostedApi = {
  api: 'gemini',
  publicUrl: 'https://generativelanguage.googleapis.com',
  version: '/v1beta',
  credentialHeader: 'x-goog-api-key',
  listing: {
    path: '/v1beta/models?pageSize=1000',
    headers: [],
    read: (reply) => list.parse(reply).models.map((entry) => ({ id: idOf(entry.name), entry })),
  },
};
