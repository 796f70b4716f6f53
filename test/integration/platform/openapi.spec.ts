import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { version } from '../../../src/platform/version.js';
import { startManagedApp, type ManagedApp } from '../../support/managed-app.js';

describe('the OpenAPI document', () => {
  let managed: ManagedApp;
  let document: unknown;
  beforeAll(async () => {
    managed = await startManagedApp();
    document = (await managed.call('GET', '/docs-json')).body;
  });
  afterAll(() => managed.stop());

  it('names the context and its version, and asks for a key', () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\./),
      info: { title: 'Widgets', description: 'A context for tests', version },
      security: [{ 'access-key': [] }],
      components: { securitySchemes: { 'access-key': { type: 'http', scheme: 'bearer' } } },
    });
  });

  it('has bodies, parameters and replies as the schemas say', () => {
    expect(document).toMatchObject({
      paths: {
        '/api/v1/widgets': {
          post: {
            requestBody: { content: { 'application/json': { schema: expect.objectContaining({}) } } },
            responses: { 201: { content: { 'application/json': { schema: expect.objectContaining({}) } } } },
          },
          get: {
            parameters: [
              { name: 'scope', in: 'query', required: false, schema: { type: 'string', enum: ['own', 'all'] } },
            ],
          },
        },
        '/api/v1/widgets/{id}': {
          delete: {
            parameters: expect.arrayContaining([expect.objectContaining({ name: 'id', in: 'path', required: true })]),
          },
        },
        '/api/v1/access-keys': {
          get: { parameters: expect.arrayContaining([expect.objectContaining({ name: 'cursor', required: false })]) },
        },
        '/api/v1/audit-log': {
          get: { parameters: expect.arrayContaining([expect.objectContaining({ name: 'from', required: false })]) },
        },
      },
    });
    const text = JSON.stringify(document);
    for (const field of ['limit_usd', 'secret', 'expires_at', 'next_cursor', 'source_address']) {
      expect(text).toContain(`"${field}"`);
    }
  });

  it('documents the one shape of errors on every operation', () => {
    const error = { default: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } } };
    expect(document).toMatchObject({
      paths: { '/api/v1/widgets': { post: { responses: error } }, '/v1/complete': { post: { responses: error } } },
      components: { schemas: { Error: { required: ['error'] } } },
    });
  });

  it('offers an Idempotency-Key on what changes something, and on nothing else', () => {
    const header = expect.objectContaining({ name: 'Idempotency-Key', in: 'header' });
    expect(document).toMatchObject({
      paths: {
        '/api/v1/widgets': { post: { parameters: expect.arrayContaining([header]) } },
        '/api/v1/widgets/{id}': { delete: { parameters: expect.arrayContaining([header]) } },
      },
    });
    expect(document).not.toMatchObject({
      paths: { '/api/v1/widgets': { get: { parameters: expect.arrayContaining([header]) } } },
    });
  });

  it('has the raw routes that describe themselves', () => {
    expect(document).toMatchObject({ paths: { '/v1/complete': { post: { summary: 'Hot' } } } });
  });

  it('refers to nothing that it lacks', () => {
    const text = JSON.stringify(document);
    const wanted = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? ''));
    expect(wanted.size).toBeGreaterThan(3);
    for (const name of wanted) expect(document).toHaveProperty(['components', 'schemas', name]);
  });

  it('is shown as a page, with all that the page needs', async () => {
    const page = await managed.call('GET', '/docs');
    expect(page.body).toContain('Open Cloud Ops: Widgets');
    for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css', 'swagger-ui-init.js']) {
      expect((await managed.call('GET', `/docs/${file}`)).status).toBe(200);
    }
  });
});
