import { describe, expect, it } from '@jest/globals';
import { instant } from '../../platform/time.js';
import { Call } from '../gateway/call.js';
import { picoUsd } from '../pricing/money.js';
import { copyText, endedRow, fromFirstFormat, lostRow, rowColumns } from './row.pure.js';

const ID = '019abc00-0000-7000-8000-000000000001';

function endedCall(): Call {
  const call = new Call(ID, instant(Date.UTC(2026, 10, 25, 12, 0, 0, 7)));
  call.caller = {
    keyId: 'key-1',
    orgId: null,
    teamId: 'search',
    agentId: 'a\tb',
    userId: null,
    tags: { env: 'prod "eu"' },
    allowedModels: null,
    limits: null,
    clampOutput: false,
  };
  call.provider = 'openai';
  call.model = 'gpt-4o';
  call.requestedModel = 'openai/gpt-4o';
  call.status = 200;
  call.latencyMs = 12.345_678;
  call.usage.input = 10;
  call.usage.output = 3;
  call.usage.cacheWrite = 5;
  call.usage.imageOutput = 7;
  call.usage.webSearches = 2;
  call.usage.tier = 'flex';
  call.cost = picoUsd(151_900_000n);
  call.priceVersion = 'v1';
  return call;
}

const cells = (row: string): Record<string, string> => {
  expect(row.endsWith('\n')).toBe(true);
  const values = row.slice(0, -1).split('\t');
  expect(values).toHaveLength(rowColumns.length);
  return Object.fromEntries(rowColumns.map((name, index) => [name, values[index] ?? '']));
};

describe('COPY text', () => {
  it.each([
    ['plain', 'gpt-4o', 'gpt-4o'],
    ['a tab', 'a\tb', 'a\\tb'],
    ['a newline', 'a\nb', 'a\\nb'],
    ['a carriage return', 'a\rb', 'a\\rb'],
    ['a backslash', 'a\\b', 'a\\\\b'],
    ['what looks like NULL', '\\N', '\\\\N'],
    ['what looks like the end of the data', '\\.', '\\\\.'],
    ['a NUL, which PostgreSQL cannot hold', 'a\0b', 'a\uFFFDb'],
    ['other letters', 'naïve 日本 🦊', 'naïve 日本 🦊'],
    ['nothing', '', ''],
  ])('escapes %s', (_, value, expected) => {
    expect(copyText(value)).toBe(expected);
  });
});

describe('the row of a call', () => {
  it('has every column in its place', () => {
    expect(cells(endedRow(endedCall()))).toMatchObject({
      id: ID,
      time: '2026-11-25T12:00:00.007Z',
      provider: 'openai',
      requested_model: 'openai/gpt-4o',
      stream: 'f',
      org_id: '\\N',
      team_id: 'search',
      agent_id: 'a\\tb',
      key_id: 'key-1',
      tags: '{"env":"prod \\\\"eu\\\\""}',
      status_code: '200',
      outcome: 'ok',
      refusal: '\\N',
      latency_ms: '12.346',
      ttfb_ms: '\\N',
      input_tokens: '10',
      output_tokens: '3',
      cache_write_tokens: '5',
      audio_cache_read_tokens: '0',
      image_output_tokens: '7',
      web_searches: '2',
      tier: 'flex',
      cost_pico: '151900000',
      price_version: 'v1',
      estimated: 'f',
    });
  });

  it('tells times apart to the millisecond', () => {
    const at = (time: number): string | undefined => cells(endedRow(new Call(ID, instant(time))))['time'];
    const second = Date.UTC(2026, 10, 25, 12);
    expect([second, second + 999, second + 1_000, second - 1, second + 50].map(at)).toEqual([
      '2026-11-25T12:00:00.000Z',
      '2026-11-25T12:00:00.999Z',
      '2026-11-25T12:00:01.000Z',
      '2026-11-25T11:59:59.999Z',
      '2026-11-25T12:00:00.050Z',
    ]);
  });

  it('is whole again where an earlier version wrote it, without the last columns', () => {
    const first = (row: string): Buffer => Buffer.from(`${row.split('\t').slice(0, -6).join('\t')}\n`);
    const call = endedCall();
    const lost = lostRow(call, picoUsd(5_000n));
    expect(fromFirstFormat(first(lost)).toString()).toBe(lost);
    expect(cells(fromFirstFormat(first(endedRow(call))).toString())).toMatchObject({
      estimated: 'f',
      cache_write_tokens: '0',
      web_searches: '0',
      tier: '\\N',
    });
  });

  it('leaves no room for a prompt in the name of a model', () => {
    const call = endedCall();
    call.requestedModel = 'x'.repeat(10_000);
    expect(cells(endedRow(call))['requested_model']).toHaveLength(200);
  });

  it('is, if nothing more is heard of it, an estimate of the dearest', () => {
    expect(cells(lostRow(endedCall(), picoUsd(5_000n)))).toMatchObject({
      id: ID,
      outcome: 'lost',
      status_code: '\\N',
      latency_ms: '\\N',
      input_tokens: '0',
      web_searches: '0',
      tier: '\\N',
      cost_pico: '5000',
      estimated: 't',
    });
  });
});
