import { describe, expect, it } from '@jest/globals';
import { chat } from '../providers/openai/operations.js';
import { findUsage } from './json-usage.pure.js';
import { ReplyBody } from './reply-body.js';

const find = (reply: string) => findUsage(Buffer.from(reply), chat.usage);

describe('the usage of a whole reply', () => {
  it.each([
    ['at the end', '{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}'],
    ['with white space', '{\n "usage" : {\n "prompt_tokens" : 5, "completion_tokens" : 2 }\n}'],
    ['before the rest', '{"usage":{"prompt_tokens":5,"completion_tokens":2,"note":"}"},"choices":[]}'],
    ['beside a null', '{"usage":{"prompt_tokens":5,"completion_tokens":2},"x":{"usage":null}}'],
    [
      'beside talk of it',
      '{"usage":{"prompt_tokens":5,"completion_tokens":2},"t":"\\"usage\\":{\\"prompt_tokens\\":9}"}',
    ],
    ['beside something called so', '{"usage":{"prompt_tokens":5,"completion_tokens":2},"type":"usage","k":["usage"]}'],
  ])('is found %s', (_, reply) => {
    expect(find(reply)).toMatchObject({ input: 5, output: 2 });
  });

  it.each(['', '{}', '<html>', '{"usage":{"prompt_tokens":5', '{"usage":"much"}'])('is not found in %j', (reply) => {
    expect(find(reply)).toBeNull();
  });
});

describe('the body of a reply', () => {
  const usage = '"usage":{"prompt_tokens":5,"completion_tokens":2}';
  const filler = `"x":"${'y'.repeat(200_000)}"`;

  function pass(reply: string, size: number): { sent: string; body: ReplyBody } {
    const body = new ReplyBody(chat.usage);
    const sent: Buffer[] = [];
    const bytes = Buffer.from(reply);
    for (let at = 0; at < bytes.length; at += size) sent.push(body.push(bytes.subarray(at, at + size)));
    sent.push(body.end());
    return { sent: Buffer.concat(sent).toString(), body };
  }

  it('is held whole where it is small', () => {
    const body = new ReplyBody(chat.usage);
    expect(body.push(Buffer.from(`{${usage}}`))).toHaveLength(0);
    expect(body.end().toString()).toBe(`{${usage}}`);
    expect(body.usage()).toMatchObject({ input: 5 });
  });

  it.each([
    ['at its end', `{${filler},${usage}}`],
    ['at its beginning', `{${usage},${filler}}`],
  ])('passes unchanged where it is large, and its usage is found %s', (_, reply) => {
    for (const size of [1_000, 16_384, 65_536]) {
      const { sent, body } = pass(reply, size);
      expect(sent === reply).toBe(true);
      expect(body.usage()).toMatchObject({ input: 5, output: 2 });
    }
  });
});
