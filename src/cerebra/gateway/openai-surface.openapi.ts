import type { OpenAPIObject } from '@nestjs/swagger';

const described = (description: string) => ({ description });

/** What Swagger cannot find out about raw routes. The bodies are OpenAI's own and not repeated here. */
export const openAiSurfacePaths: OpenAPIObject['paths'] = {
  '/v1/chat/completions': {
    post: {
      tags: ['OpenAI surface'],
      summary: 'Chat, as OpenAI defines it',
      description:
        'Any body that the OpenAI API takes, streaming or not. `model` is a model of a configured provider, ' +
        '`provider/model`, or `demo/echo`. Authenticate with a virtual key (`Authorization: Bearer oco_live_…`).',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['model', 'messages'],
              properties: {
                model: { type: 'string', example: 'demo/echo' },
                messages: { type: 'array', items: { type: 'object' } },
                stream: { type: 'boolean' },
              },
            },
          },
        },
      },
      responses: {
        200: described("The provider's reply, unmodified; the `x-oco-*` headers tell request id, model and cost."),
        400: described('The body cannot be read, or a hard budget covers a model without a known price.'),
        401: described('No valid virtual key.'),
        403: described('The key may not use the model.'),
        404: described('No configured provider has the model.'),
        413: described('The body is larger than `CEREBRA_MAX_BODY`.'),
        429: described('A hard budget cannot pay for the call (`budget_exceeded`), or the provider limits its rate.'),
        502: described('The provider cannot be reached, or broke off.'),
        503: described('The store that counts the budgets is away, or the gateway stops.'),
        504: described('The provider stayed silent for `CEREBRA_UPSTREAM_TIMEOUT_MS`.'),
      },
    },
  },
  '/v1/models': {
    get: {
      tags: ['OpenAI surface'],
      summary: 'The models that the key may use',
      responses: { 200: described("OpenAI's list of models."), 401: described('No valid virtual key.') },
    },
  },
};
