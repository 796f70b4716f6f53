import type { OpenAPIObject } from '@nestjs/swagger';

type PathItem = OpenAPIObject['paths'][string];

const described = (description: string) => ({ description });

const answers = {
  200: described("The provider's reply, unmodified; the `x-oco-*` headers tell request id, model and cost."),
  400: described('The body cannot be read, or a hard budget covers a model without a known price.'),
  401: described('No valid key.'),
  403: described('The key may not use the model.'),
  404: described('No configured provider has the model.'),
  413: described('The body is larger than `CEREBRA_MAX_BODY`.'),
  429: described(
    'A hard budget cannot pay for the call (`budget_exceeded`), or the key (`rate_limit_exceeded`) or the provider limits its rate.',
  ),
  502: described('The provider cannot be reached, or broke off.'),
  503: described('The store that counts the budgets is away, or the gateway stops.'),
  504: described('The provider stayed silent for `CEREBRA_UPSTREAM_TIMEOUT_MS`.'),
};

const OWN_KEY =
  'Where `CEREBRA_AUTH` is `passthrough` or `both`, it may be a key of your own for the provider; `X-Org-ID`, ' +
  '`X-Team-ID`, `X-Agent-ID` and `X-User-ID` then say whose call it is.';

const VIRTUAL_KEY = 'virtual-key';
const security = [{ [VIRTUAL_KEY]: [] }];

/** How calls on the surfaces are authenticated; where each API's own clients put their keys will do, too. */
export const surfaceSecurity = {
  [VIRTUAL_KEY]: { type: 'http' as const, scheme: 'bearer', bearerFormat: 'oco_live_…' },
};

/** A body of OpenAI's own shape, which is not repeated here. */
const openAi = (summary: string, properties: object, required: string[]): PathItem => ({
  post: {
    tags: ['OpenAI surface'],
    summary,
    security,
    description:
      'Any body that the OpenAI API takes, compressed (gzip, deflate, br, zstd) or plain. `model` is a model of a ' +
      'configured provider, `provider/model`, or `demo/echo`. Authenticate with a virtual key ' +
      `(\`Authorization: Bearer oco_live_…\`). ${OWN_KEY}`,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required,
            properties: { model: { type: 'string', example: 'demo/echo' }, ...properties },
          },
        },
      },
    },
    responses: answers,
  },
});

const anything = {};

const messages = { messages: { type: 'array', items: { type: 'object' } }, stream: { type: 'boolean' } };

/** A body of another provider's own shape. */
const native = (tag: string, summary: string, key: string, parameters: object[] = []): PathItem => ({
  post: {
    tags: [`${tag} surface`],
    summary,
    security,
    description: `Any body that ${tag}'s API takes. Authenticate with a virtual key where its clients send theirs (${key}). ${OWN_KEY}`,
    ...(parameters.length === 0 ? {} : { parameters: parameters.map((each) => ({ ...PATH_PARAMETER, ...each })) }),
    requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
    responses: answers,
  },
});

const PATH_PARAMETER = { in: 'path' as const, required: true, schema: { type: 'string' as const }, name: '' };

const ANTHROPIC_KEY = '`x-api-key` or `Authorization: Bearer`';
const GEMINI_KEY = '`x-goog-api-key` or `?key=`';

/** Any method: OpenAPI has no word for that, so the two that are used most stand for all. */
const passedThrough = (summary: string) => ({
  tags: ['Pass-through'],
  summary,
  security,
  description:
    "Any method and path of a provider's API, WebSocket upgrades included; bytes go through unchanged. Where the reply " +
    'tells its usage, the call is priced and held to its budgets. What tells none is refused for a key with a hard ' +
    'budget or a list of models, unless it costs nothing.',
  parameters: [
    { ...PATH_PARAMETER, name: 'provider' },
    { ...PATH_PARAMETER, name: 'path' },
  ],
  responses: answers,
});

/** What Swagger cannot find out about raw routes. */
export const surfacePaths: OpenAPIObject['paths'] = {
  '/v1/chat/completions': openAi('Chat, streaming or not, as OpenAI defines it', messages, ['model', 'messages']),
  '/v1/responses': openAi(
    'Responses, streaming or not, as OpenAI defines them',
    { input: anything, stream: { type: 'boolean' } },
    ['model', 'input'],
  ),
  '/v1/embeddings': openAi('Embeddings, as OpenAI defines them', { input: anything }, ['model', 'input']),
  '/v1/models': {
    get: {
      tags: ['OpenAI surface'],
      summary: "The models that the key may use, in the shape of the caller's API",
      security,
      responses: {
        200: described("OpenAI's list of models; Anthropic's or Gemini's for their clients."),
        401: described('No valid key.'),
      },
    },
  },
  '/v1/messages': native('Anthropic', 'Messages, streaming or not; also below /anthropic', ANTHROPIC_KEY),
  '/v1/messages/count_tokens': native('Anthropic', 'Counts tokens, at no cost; also below /anthropic', ANTHROPIC_KEY),
  '/v1beta/models/{model}:{action}': native(
    'Gemini',
    'generateContent, streamGenerateContent, countTokens, embedContent, batchEmbedContents; also as /v1 and below /gemini',
    GEMINI_KEY,
    [{ name: 'model' }, { name: 'action' }],
  ),
  '/api/v1/proxy/{provider}/{path}': {
    get: passedThrough('Passes a call through; also below /v1/proxy'),
    post: passedThrough('Passes a call through; also below /v1/proxy'),
  },
};
