import { expect, it } from '@jest/globals';
import { rightBase } from './base-url.pure.js';

it.each([
  ['/chat/completions', '/v1'],
  ['/v1/v1/chat/completions', '/v1'],
  ['/v1beta/responses/resp_1', '/v1'],
  ['/models', '/v1'],
  ['/anthropic/v1/chat/completions', '/v1'],
  ['/v1/v1/messages', ''],
  ['/anthropic/v1/v1/messages/count_tokens', ''],
  ['/messages', ''],
  ['/v1beta/v1beta/models/gemini-2.5-flash:generateContent', ''],
  ['/models/gemini-2.5-flash:streamGenerateContent', ''],
  ['/v1/chat/completions', null],
  ['/v1/files/file_1/content', null],
  ['/anthropic/v1/messages', null],
  ['/v1/messages', null],
  ['/gemini/v1beta/models/gemini-2.5-flash:predict', null],
  ['/v1/nothing', null],
])('the base that %s lacks is %j', (path, base) => {
  expect(rightBase(path)).toBe(base);
});
