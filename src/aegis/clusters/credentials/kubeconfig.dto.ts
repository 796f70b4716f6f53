import { z } from 'zod';

/** Base64 of PEM. */
const inlineFile = z.base64({ error: 'It must be base64, as `kubectl config view --raw --flatten` writes it.' });
const text = z.string().min(1);
/** What an HTTP header can carry. */
const headerText = text.regex(/^[\x20-\x7e]+$/, 'It must be printable ASCII in one line.');
/** Notes of tools, which mean nothing to Kubernetes. */
const extensions = { extensions: z.unknown().optional() };

const FLATTEN = 'Make one that stands alone with `kubectl config view --raw --minify --flatten`.';
const COMMAND = 'It would run a program on the host of this server; use a token or a client certificate.';
const FILE = `It would read a file on the host of this server. ${FLATTEN}`;
const UNSUPPORTED = 'It is not supported: without it the credential would mean something else.';

/** A field that is told what is wrong with it, whatever its value. */
const refusedField = (why: string) => z.undefined({ error: why }).optional();

const server = z
  .string()
  .refine(
    (url) => URL.canParse(url) && new URL(url).protocol === 'https:',
    'It must be a URL that begins with https://.',
  )
  .refine((url) => !URL.canParse(url) || noUserIn(new URL(url)), 'It must not hold a user, a query or a fragment.');

const noUserIn = ({ username, password, search, hash }: URL): boolean =>
  `${username}${password}${search}${hash}` === '';

const cluster = z.strictObject({
  server,
  'certificate-authority-data': inlineFile.optional(),
  'certificate-authority': refusedField(FILE),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': text.optional(),
  'disable-compression': z.boolean().optional(),
  'proxy-url': refusedField('A proxy is not supported: the API server must be reachable from here.'),
  ...extensions,
});

const user = z.strictObject({
  'client-certificate-data': inlineFile.optional(),
  'client-key-data': inlineFile.optional(),
  token: headerText.optional(),
  username: headerText.optional(),
  password: headerText.optional(),
  as: headerText.optional(),
  exec: refusedField(COMMAND),
  'auth-provider': refusedField(COMMAND),
  'client-certificate': refusedField(FILE),
  'client-key': refusedField(FILE),
  tokenFile: refusedField(FILE),
  'token-file': refusedField(FILE),
  'as-uid': refusedField(UNSUPPORTED),
  'as-groups': refusedField(UNSUPPORTED),
  'as-user-extra': refusedField(UNSUPPORTED),
  ...extensions,
});

const context = z.strictObject({ cluster: text, user: text, namespace: z.string().optional(), ...extensions });

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .max(1_000)
    .nullish()
    .transform((items) => items ?? []);

/** All that a kubeconfig may hold. What is not listed is refused: the next release may let it run programs. */
export const kubeconfigFile = z.strictObject({
  apiVersion: z.literal('v1').optional(),
  kind: z.literal('Config').optional(),
  preferences: z.unknown().optional(),
  clusters: list(z.strictObject({ name: text, cluster })),
  users: list(z.strictObject({ name: text, user: user.nullish().transform((given) => given ?? {}) })),
  contexts: list(z.strictObject({ name: text, context })),
  'current-context': z.string().optional(),
  ...extensions,
});

export type KubeconfigFile = z.output<typeof kubeconfigFile>;
