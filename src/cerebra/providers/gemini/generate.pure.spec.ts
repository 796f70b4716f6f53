import { describe, expect, it } from '@jest/globals';
import { readGenerate, readInput } from './generate.pure.js';

const read = (body: string, named = 'gemini-2.5-flash') => readGenerate(false)(Buffer.from(body), named);

describe("a request of Gemini's", () => {
  it.each([
    ['{}', { maxOutput: null, choices: 1, media: false }],
    ['{"generationConfig":{"maxOutputTokens":9,"candidateCount":2}}', { maxOutput: 9, choices: 2 }],
    ['{"generation_config":{"max_output_tokens":9,"candidate_count":2}}', { maxOutput: 9, choices: 2 }],
    ['{"contents":[{"parts":[{"text":"{\\"generationConfig\\":{\\"maxOutputTokens\\":1}}"}]}]}', { maxOutput: null }],
    ['{"contents":[{"parts":[{"fileData":{"fileUri":"gs://x"}}]}]}', { media: true }],
    ['{"tools":[{"google_search":{}}]}', { media: true }],
    ['{"tools":[{"google\\u005fsearch":{}}]}', { media: true }],
  ])('reads %s', (body, asked) => {
    expect(read(body)).toMatchObject({ kind: 'read', asked: { model: 'gemini-2.5-flash', ...asked } });
  });

  it.each([
    ['{"generationConfig":{},"generation_config":{}}', 'generation_config'],
    ['{"generationConfig":{},"generationC\\u006fnfig":{}}', 'generationConfig'],
    ['{"generationConfig":{"maxOutputTokens":1,"maxOutputTokens":9}}', 'generationConfig.maxOutputTokens'],
    ['{"generationConfig":{"maxOutputTokens":1,"max_output_tokens":9}}', 'generationConfig.max_output_tokens'],
    ['{"generationConfig":{"candidateCount":0}}', 'generationConfig.candidateCount'],
    ['[]', null],
  ])('refuses %s', (body, param) => {
    expect(read(body)).toMatchObject({ kind: 'unreadable', param });
  });

  it.each(['', '..', '../files', 'a/../b', 'a//b', '.a', 'a?x', 'a%2fb', 'a b', 'a'.repeat(201)])(
    'takes no model from the path %j',
    (named) => {
      expect(read('{}', named)).toMatchObject({ kind: 'unreadable', param: 'model' });
      expect(readInput(Buffer.from('{}'), named)).toMatchObject({ kind: 'unreadable', param: 'model' });
    },
  );

  it.each(['gemini/gemini-2.5-flash', 'gemini-2.5-flash-preview-09-2025', 'ft:x@1'])('takes %s', (named) => {
    expect(read('{}', named)).toMatchObject({ kind: 'read', asked: { model: named, modelAt: null } });
  });
});
