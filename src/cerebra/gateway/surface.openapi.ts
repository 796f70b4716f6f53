import type { OpenAPIObject } from '@nestjs/swagger';

type PathItem = OpenAPIObject['paths'][string];

const described = (description: string) => ({ description });

const answers = {
  200: described("The provider's reply, unmodified; the `x-oco-*` headers tell request id, model and cost."),
  400: described('The body cannot be read, or a hard budget covers a model without a known price.'),
  401: described('No valid virtual key.'),
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

/** A body of OpenAI's own shape, which is not repeated here. */
const openAi = (summary: string, properties: object, required: string[]): PathItem => ({
  post: {
    tags: ['OpenAI surface'],
    summary,
    description:
      'Any body that the OpenAI API takes, compressed (gzip, deflate, br, zstd) or plain. `model` is a model of a ' +
      'configured provider, `provider/model`, or `demo/echo`. Authenticate with a virtual key ' +
      '(`Authorization: Bearer oco_live_…`).',
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

/** What Swagger cannot find out about raw routes. */
export const surfacePaths: OpenAPIObject['paths'] = {
  '/v1/chat/completions': openAi(
    'Chat, streaming or not, as OpenAI defines it',
    { messages: { type: 'array', items: { type: 'object' } }, stream: { type: 'boolean' } },
    ['model', 'messages'],
  ),
  '/v1/responses': openAi(
    'Responses, streaming or not, as OpenAI defines them',
    { input: anything, stream: { type: 'boolean' } },
    ['model', 'input'],
  ),
  '/v1/embeddings': openAi('Embeddings, as OpenAI defines them', { input: anything }, ['model', 'input']),
  '/v1/models': {
    get: {
      tags: ['OpenAI surface'],
      summary: 'The models that the key may use',
      responses: { 200: described("OpenAI's list of models."), 401: described('No valid virtual key.') },
    },
  },
};
