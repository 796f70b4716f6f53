import { describe, expect, it } from '@jest/globals';
import { chat } from '../providers/openai/operations.js';
import { findUsage } from './json-usage.pure.js';

const usage = '"usage":{"prompt_tokens":5,"completion_tokens":2}';

const tierIn = (reply: string): string | undefined => findUsage(Buffer.from(reply), chat.usage)?.tier;

describe('the tier that a reply says was served', () => {
  it.each([
    ['behind the usage', `{"choices":[],${usage},"service_tier":"flex"}`, 'flex'],
    ['before the usage', `{"service_tier" : "priority","choices":[{"x":[1,{}]}],${usage} }\n`, 'priority'],
    ['the default one', `{${usage},"service_tier":"default"}`, 'standard'],
    ['none', `{${usage}}`, 'standard'],
    ['null', `{${usage},"service_tier":null}`, 'standard'],
  ])('is read %s', (_, reply, tier) => {
    expect(tierIn(reply)).toBe(tier);
  });

  it.each([
    ['in metadata behind it', `{"service_tier":"priority",${usage},"metadata":{"service_tier":"flex"}}`, 'priority'],
    ['in metadata before it', `{"metadata":{"service_tier":"flex"},${usage},"service_tier":"default"}`, 'standard'],
    ['in metadata alone', `{${usage},"metadata":{"a":{"service_tier":"flex"}}}`, 'standard'],
    ['in text', `{"text":"\\"service_tier\\":\\"flex\\"",${usage}}`, 'standard'],
    ['in a list', `{"list":["service_tier","flex"],${usage}}`, 'standard'],
  ])('is not what a client may have written %s', (_, reply, tier) => {
    expect(tierIn(reply)).toBe(tier);
  });

  it('is found in the last bytes of a reply, where no more was kept', () => {
    const lastOf = (reply: string): string => reply.slice(-150);
    const filler = 'y'.repeat(1_000);
    expect(tierIn(lastOf(`{"x":"${filler}",${usage},"service_tier":"flex"}`))).toBe('flex');
    expect(tierIn(lastOf(`{"x":"${filler}","metadata":{"service_tier":"flex"},${usage}}`))).toBe('standard');
  });
});
