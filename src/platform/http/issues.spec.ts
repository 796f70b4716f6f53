import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { check } from './issues.js';

const schema = z.strictObject({
  name: z.string().min(1),
  limits: z.strictObject({ rpm: z.number().optional(), parallel: z.number().optional() }).optional(),
  store: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('folder'), path: z.string() }),
      z.strictObject({ type: z.literal('s3'), bucket: z.string() }),
    ])
    .optional(),
  steps: z.array(z.strictObject({ kind: z.string() })).optional(),
});

const issuesOf = async (value: unknown): Promise<unknown> => {
  const outcome = await check(schema, value, 'body');
  return outcome.kind === 'invalid' ? outcome.issues : outcome;
};

describe('check', () => {
  it('hands on what is right', async () => {
    expect(await check(schema, { name: 'a' }, 'body')).toEqual({ kind: 'valid', value: { name: 'a' } });
  });

  it('names the field that an unknown one was probably meant for, at any depth', async () => {
    const value = {
      nam: 'a',
      limits: { paralel: 1 },
      store: { type: 's3', bucket: 'b', buckets: 1 },
      steps: [{ knd: '' }],
    };
    expect(await issuesOf(value)).toEqual({
      name: 'It is missing.',
      nam: "Unknown field 'nam'; did you mean 'name'?",
      'limits.paralel': "Unknown field 'paralel'; did you mean 'parallel'?",
      'store.buckets': "Unknown field 'buckets'; did you mean 'bucket'?",
      'steps.0.kind': 'It is missing.',
      'steps.0.knd': "Unknown field 'knd'; did you mean 'kind'?",
    });
  });

  it('lists what is known where nothing is near', async () => {
    expect(await issuesOf({ name: 'a', limits: { budget: 1 } })).toEqual({
      'limits.budget': "Unknown field 'budget'; known are rpm, parallel.",
    });
  });

  it('speaks of the whole where there is no field to blame', async () => {
    expect(await issuesOf(undefined)).toEqual({ body: 'It is missing.' });
    expect(await issuesOf([])).toEqual({ body: 'Invalid input: expected object, received array.' });
  });

  it('answers a hostile request briefly', async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`field${index}`, 1]));
    const long = { ['x'.repeat(500_000)]: 1, ...many };
    expect(JSON.stringify(await issuesOf(long)).length).toBeLessThan(5_000);
  });
});
