import { describe, expect, it } from '@jest/globals';
import { splice } from '../../gateway/splice.pure.js';
import { readChat } from './chat.pure.js';

const read = (body: string) => readChat(Buffer.from(body));

function request(body: string) {
  const seen = read(body);
  if (seen.kind !== 'read') throw new Error(seen.message);
  return seen.asked;
}

describe('a chat request', () => {
  it('finds what decides a call', () => {
    expect(
      request(
        '{"messages":[{"role":"user","content":"{\\"model\\":1}"}],"n":2,"max_tokens":60,"model":"m","stream":true}',
      ),
    ).toMatchObject({
      model: 'm',
      stream: true,
      maxOutput: 60,
      choices: 2,
      hideUsage: true,
      media: false,
    });
  });

  it('takes absent and null for the default', () => {
    expect(request('{"model":"m","stream":null,"n":null,"max_tokens":null,"stream_options":null}')).toMatchObject({
      stream: false,
      maxOutput: null,
      choices: 1,
      hideUsage: false,
    });
  });

  it('goes by the larger of two limits', () => {
    expect(request('{"model":"m","max_tokens":10,"max_completion_tokens":2e1}').maxOutput).toBe(20);
  });

  it.each([
    ['model', '{"model":"a","x":1,"model":"b"}'],
    ['model', '{"model":"a","m\\u006fdel":"b"}'],
    ['stream', '{"model":"a","stream":true,"stream":true}'],
    ['max_tokens', '{"max_tokens":1,"model":"a","max\\u005ftokens":1000000}'],
    ['n', '{"n":1,"model":"a","n":100}'],
    ['stream_options', '{"stream_options":{},"model":"a","stream_options":{}}'],
    ['Model', '{"model":"a","Model":"b"}'],
    ['MAX_TOKENS', '{"model":"a","max_tokens":1,"MAX_TOKENS":100000}'],
    ['N', '{"model":"a","N":50}'],
    ['\u017ftream', '{"model":"a","\\u017ftream":true}'],
    ['maxTokens', '{"model":"a","maxTokens":9}'],
  ])('refuses a second %s, or what some readers take for one: %s', (param, body) => {
    expect(read(body)).toMatchObject({ kind: 'unreadable', param });
  });

  it.each([
    ['model', '{}'],
    ['model', '{"model":""}'],
    ['model', '{"model":"a\\r\\nx-evil: 1"}'],
    ['model', '{"model":"mödel"}'],
    ['model', '{"model":["a"]}'],
    ['model', `{"model":"${'a'.repeat(201)}"}`],
    ['model', '{"model":"\\x"}'],
    ['stream', '{"model":"a","stream":"true"}'],
    ['stream', '{"model":"a","stream":"\\x"}'],
    ['n', '{"model":"a","n":0}'],
    ['n', '{"model":"a","n":1000000000}'],
    ['max_tokens', '{"model":"a","max_tokens":-5}'],
    ['max_tokens', '{"model":"a","max_tokens":"5"}'],
    ['max_completion_tokens', '{"model":"a","max_completion_tokens":1.5}'],
    ['stream_options', '{"model":"a","stream_options":[]}'],
    [null, '{"model":"a"'],
    [null, 'hello'],
  ])('blames %s for %s', (param, body) => {
    expect(read(body)).toMatchObject({ kind: 'unreadable', param });
  });

  it.each([
    ['{"model":"m","messages":[{"content":[{"type":"image_url"}]}]}', true],
    ['{"model":"m","messages":[{"content":[{"type":"file","file":{"file_id":"x"}}]}]}', true],
    ['{"model":"m","messages":[{"content":[{"type":"image\\u005furl"}]}]}', true],
    ['{"model":"m","tools":[{"function":{"parameters":{"properties":{"file_path":{}}}}}]}', false],
    ['{"model":"m","messages":[{"content":"\\u00e9\\u003c"}]}', false],
  ])('%s names media: %s', (body, media) => {
    expect(request(body).media).toBe(media);
  });
});

describe('splice', () => {
  const spliced = (body: string, model: string): string => splice(Buffer.from(body), request(body), model).toString();

  it('changes no byte where nothing is needed, and copies nothing', () => {
    const body = Buffer.from('{ "model":"m", "stream":true, "stream_options":{"include_usage":true} }');
    expect(splice(body, request(body.toString()), 'm')).toBe(body);
  });

  it('asks for usage with one member more, and leaves every other byte', () => {
    const body = '{\n  "seed": 9007199254740993, "x": 1.0,\n "model":"m", "stream" : true}\n';
    const asking = '"stream_options":{"include_usage":true},';
    expect(spliced(body, 'm')).toBe(`{${asking}${body.slice(1)}`);
  });

  it.each([
    ['null', '{"include_usage":true}'],
    ['{}', '{"include_usage":true}'],
    ['{"include_usage":false}', '{"include_usage":true}'],
    ['{"include_obfuscation":false}', '{"include_obfuscation":false,"include_usage":true}'],
  ])('rewrites stream_options %s alone', (before, after) => {
    const body = (options: string): string => `{"model":"m","stream":true,"stream_options":${options},"é":1.0}`;
    expect(spliced(body(before), 'm')).toBe(body(after));
  });

  it('replaces the name of the model, behind or before the other change', () => {
    expect(spliced('{"model" : "openai/gpt-4o" ,"a":1}', 'gpt-4o')).toBe('{"model" : "gpt-4o" ,"a":1}');
    expect(spliced('{"model":"o/m","stream":true,"stream_options":{}}', 'm')).toBe(
      '{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
    );
  });
});
