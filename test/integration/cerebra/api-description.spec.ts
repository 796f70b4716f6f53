import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { GatewayFixture } from './gateway-fixture.js';

const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ security: z.array(z.unknown()).optional() }))),
  components: z.object({ securitySchemes: z.record(z.string(), z.unknown()) }),
});

let gateway: GatewayFixture;
let described: unknown;
beforeAll(async () => {
  gateway = await GatewayFixture.start();
  described = await (await fetch(`${gateway.url}/docs-json`)).json();
});
afterAll(() => gateway.stop());

/** Where a schema has a pattern, and nothing that shows what is meant by it. */
function withoutExample(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const odd = 'pattern' in value && typeof value.pattern === 'string' && !('example' in value) && !('format' in value);
  return [
    ...(odd ? [path] : []),
    ...Object.entries(value).flatMap(([name, member]) => withoutExample(member, `${path}/${name}`)),
  ];
}

it('shows an example wherever one made from a pattern would look odd', () => {
  expect(withoutExample(described, '')).toEqual([]);
});

it('asks for a virtual key on the surfaces, and for an access key elsewhere', () => {
  const { paths, components } = document.parse(described);
  expect(Object.keys(components.securitySchemes).sort()).toEqual(['access-key', 'virtual-key']);
  const surfaces = Object.entries(paths).filter(([path]) => /^\/v1|\/proxy\//.test(path));
  expect(surfaces.length).toBeGreaterThan(6);
  for (const [path, operations] of surfaces)
    for (const { security } of Object.values(operations))
      expect([path, security]).toEqual([path, [{ 'virtual-key': [] }]]);
  expect(paths['/api/v1/keys']?.['post']?.security).toBeUndefined();
});
