import { z } from 'zod';
import { listFields, listReplyFields } from '../../platform/http/list.js';
import { isForeign } from '../gateway/request-headers.pure.js';
import { faultOfBaseUrl } from './base-url.js';
import { credentialHeaders } from './credentials/credential-header.pure.js';
import { credentialStates } from './credentials/credential.js';
import { catalogues, kinds, providerKinds } from './kinds.js';

const name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    'Expected at most 64 lower-case letters, digits and . _ -, beginning with a letter or digit.',
  )
  .describe('As in `name/model`, in the path of the pass-through and in the ledger.')
  .meta({ example: 'azure' });

const MOST_CREDENTIALS = 20;

const apiKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,4096}$/, 'Expected at most 4096 printable ASCII characters, without spaces.')
  .describe('Sealed when it is stored, and never shown again.')
  .meta({ example: 'sk-…' });
const weight = z.int().min(1).max(100).default(1).describe('Its share of the calls, beside those of the others.');

const newCredential = z.strictObject({ api_key: apiKey, weight });

const headerValue = z
  .string()
  .regex(/^[\t\x20-\x7e]{1,1000}$/, 'Expected at most 1000 printable ASCII characters.')
  .meta({ example: 'eastus' });

const headers = z
  .record(z.string(), headerValue)
  .refine((given) => Object.keys(given).length <= 20, 'Expected at most 20 headers.')
  .superRefine((given, context) => {
    for (const name of Object.keys(given)) {
      const fault = faultOfHeader(name.toLowerCase());
      if (fault !== null) context.addIssue({ code: 'custom', path: [name], message: fault });
    }
  })
  .transform((given) => Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value])))
  .default({})
  .describe('Sent with every call, in place of what a client says; stored in clear.');

function faultOfHeader(name: string): string | null {
  if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(name)) return 'Expected the name of a header.';
  return isForeign(name) ? null : 'Expected a header that neither carries a key nor belongs to the connection.';
}

const baseUrl = z
  .string()
  .max(1000)
  .superRefine((text, context) => {
    const fault = faultOfBaseUrl(text);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  })
  .nullish()
  .transform((url) => url ?? null)
  .describe('Where its API is, with its version where OpenAI has one. Left out: the public address of the kind.');

const model = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'Expected a name of printable ASCII characters, without spaces.')
  .meta({ example: 'llama-*' });

const settings = {
  kind: z.enum(providerKinds).describe('The API that it speaks.'),
  base_url: baseUrl,
  models: z
    .array(model)
    .max(200)
    .default([])
    .describe('Plain model names that mean its models, in which * stands for any run of characters.'),
  headers,
  enabled: z.boolean().default(true),
  credential_header: z
    .enum(credentialHeaders)
    .nullish()
    .transform((given) => given ?? null)
    .describe('What carries the key. Left out: the one of its kind, and `api-key` on the hosts of Azure.'),
  catalogue: z
    .enum(catalogues)
    .nullish()
    .describe('Whose published prices hold for its models. Left out: those of its kind, if that has any.'),
};

/** What is needed to reach it, told by what is missing. */
function missing({ kind, base_url }: { kind: keyof typeof kinds; base_url: string | null }, keys: number | null) {
  if (base_url !== null) return null;
  if (!kinds[kind].hasPublicUrl) return { path: ['base_url'], message: `Expected a URL, since the kind is ${kind}.` };
  return keys === 0 ? { path: ['credentials'], message: 'Expected a key, since there is no base_url.' } : null;
}

export const createProviderBody = z
  .strictObject({ name, ...settings, credentials: z.array(newCredential).max(MOST_CREDENTIALS).default([]) })
  .superRefine((body, context) => {
    const issue = missing(body, body.credentials.length);
    if (issue !== null) context.addIssue({ code: 'custom', ...issue });
  })
  .meta({ id: 'CreateProvider' });

const keptCredential = z.strictObject({ id: z.string().describe('Of one that it has, which is kept.'), weight });

export const updateProviderBody = z
  .strictObject({
    name: name.optional().describe('As it is: rows of the ledger and prices go by it.'),
    ...settings,
    credentials: z
      .array(z.union([keptCredential, newCredential], 'Expected an id of a credential that it has, or an api_key.'))
      .max(MOST_CREDENTIALS)
      .optional()
      .describe('All that it has from now on. Left out: those that it has.'),
  })
  .superRefine((body, context) => {
    const issue = missing(body, body.credentials?.length ?? null);
    if (issue !== null) context.addIssue({ code: 'custom', ...issue });
  })
  .meta({ id: 'UpdateProvider' });

export const providerReply = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum([...providerKinds, 'demo']),
    origin: z.enum(['environment', 'api']).describe('What the environment configures is changed there.'),
    base_url: z.string().nullable().describe('Null: the public address of the kind.'),
    credentials: z.array(
      z.object({
        id: z.string(),
        last4: z.string().describe('Empty for a short key.'),
        weight: z.number(),
        state: z.enum(credentialStates).describe('As this replica sees it.'),
        rests_until: z.iso.datetime().nullable(),
      }),
    ),
    models: z.array(z.string()),
    headers: z.record(z.string(), z.string()),
    enabled: z.boolean(),
    credential_header: z.enum(credentialHeaders).nullable(),
    catalogue: z.enum(catalogues).nullable(),
    created_at: z.iso.datetime().nullable().describe('Null: it comes from the environment.'),
    updated_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Provider' });

export const providersQuery = z.strictObject(listFields(z.tuple([z.string(), z.string()])));
export const providersReply = z.object({ providers: z.array(providerReply), ...listReplyFields });

export type NewProvider = z.output<typeof createProviderBody>;
export type ProviderSettings = z.output<typeof updateProviderBody>;
export type ProviderReply = z.output<typeof providerReply>;
export type ProvidersQuery = z.output<typeof providersQuery>;
