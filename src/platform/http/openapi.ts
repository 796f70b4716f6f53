import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { BoundedContext } from '../bounded-context.js';
import { version } from '../version.js';
import { OpenApiFragments } from './openapi-fragments.js';

const ERROR_SCHEMA = 'Error';
const ACCESS_KEY = 'access-key';

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'details'],
      properties: {
        code: { type: 'string', description: 'Stable; what a program decides by.' },
        message: { type: 'string', description: 'For people: what is wrong and what to do.' },
        details: { type: 'object', description: 'Of a `validation_error`: path of the field → what is wrong.' },
      },
    },
  },
};

/** Serves the context's API as a page at `/docs` and as a document at `/docs-json`, made when first asked for. */
export function setUpOpenApi(app: NestFastifyApplication, context: BoundedContext): void {
  SwaggerModule.setup('docs', app, () => describe(app, context), {
    customSiteTitle: `Open Cloud Ops: ${context.title}`,
    raw: ['json'],
    swaggerOptions: { persistAuthorization: true, tagsSorter: 'alpha' },
  });
}

function describe(app: NestFastifyApplication, context: BoundedContext): OpenAPIObject {
  const head = new DocumentBuilder()
    .setTitle(context.title)
    .setDescription(context.description)
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'access key' }, ACCESS_KEY)
    .addSecurityRequirements(ACCESS_KEY)
    .build();
  const document = SwaggerModule.createDocument(app, head, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  if (context.storage !== undefined) documentIdempotency(document);
  const { paths, securitySchemes } = app.get(OpenApiFragments, { strict: false });
  document.paths = { ...document.paths, ...paths };
  document.components = {
    ...document.components,
    securitySchemes: { ...document.components?.securitySchemes, ...securitySchemes },
    schemas: { ...document.components?.schemas, [ERROR_SCHEMA]: errorSchema },
  };
  documentErrors(document);
  return document;
}

/** Every operation can fail, and always in the same shape, so that nobody has to write it down. */
function documentErrors(document: OpenAPIObject): void {
  for (const item of Object.values(document.paths)) {
    for (const operation of [item.get, item.post, item.put, item.patch, item.delete]) {
      if (operation === undefined) continue;
      operation.responses['default'] ??= {
        description: 'Not done; `code` says why.',
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${ERROR_SCHEMA}` } } },
      };
    }
  }
}

/** Before the raw routes join: those of a hot path are not made safe to repeat. */
function documentIdempotency(document: OpenAPIObject): void {
  for (const item of Object.values(document.paths)) {
    for (const operation of [item.post, item.put, item.patch, item.delete]) {
      operation?.parameters?.push({
        name: 'Idempotency-Key',
        in: 'header',
        required: false,
        description: 'Makes the call safe to send again: for 24 hours it is answered as it was, and not done twice.',
        schema: { type: 'string', maxLength: 255 },
      });
    }
  }
}
