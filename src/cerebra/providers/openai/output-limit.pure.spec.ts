import { expect, it } from '@jest/globals';
import { outputLimit } from './output-limit.pure.js';

const write = outputLimit('max_completion_tokens');

it.each([
  ['{"model":"m","messages":[]}', '{"max_completion_tokens":7,"model":"m","messages":[]}'],
  [' {\n "model" : "m" }', ' {"max_completion_tokens":7,\n "model" : "m" }'],
  ['{"model":"m","max_completion_tokens":null}', '{"model":"m","max_completion_tokens":7}'],
  ['{"model":"m","max_completion\\u005ftokens": null ,"n":1}', '{"model":"m","max_completion\\u005ftokens": 7 ,"n":1}'],
  [
    '{"model":"m","a":{"max_completion_tokens":1}}',
    '{"max_completion_tokens":7,"model":"m","a":{"max_completion_tokens":1}}',
  ],
])('writes the limit once, at the top: %s', (body, limited) => {
  expect(write(Buffer.from(body), 7).toString()).toBe(limited);
});
