import { describe, expect, it } from '@jest/globals';
import { chat } from '../providers/openai/operations.js';
import { EventStream } from './event-stream.js';

const usage = '"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}';
const words = ['Blue', ' é\u2028\u{1F600}', ' data:', '."'].map(
  (word) => `data: {"choices":[{"index":0,"delta":{"content":${JSON.stringify(word)}}}],"usage":null}`,
);
const usageOnly = `data: {"choices":[],${usage}}`;
const stream = (end: string, events: readonly string[]): string => events.map((event) => event + end + end).join('');

/** Sends the text in pieces that end at these bytes. */
function pass(text: string, cuts: readonly number[], hide: boolean): { sent: string; events: EventStream } {
  const bytes = Buffer.from(text);
  const events = new EventStream(chat.usage, hide);
  const sent: Buffer[] = [];
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    sent.push(events.push(bytes.subarray(from, to)));
    from = to;
  }
  sent.push(events.end());
  return { sent: Buffer.concat(sent).toString(), events };
}

const everyByte = (text: string): number[] => [...Buffer.from(text).keys()].slice(1);

describe.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
])('an event stream with %s', (_, end) => {
  const whole = stream(end, [': hello', ...words, usageOnly, 'data: [DONE]']);
  const hidden = stream(end, [': hello', ...words, 'data: [DONE]']);

  it('passes unchanged to a client that asked for usage, however it is cut', () => {
    for (const cuts of [[], everyByte(whole)]) {
      const { sent, events } = pass(whole, cuts, false);
      expect(sent).toBe(whole);
      expect(events.usage()).toMatchObject({ input: 10, output: 3 });
    }
  });

  it('hides the usage event alone from a client that did not ask, wherever it is cut', () => {
    for (const cut of [[], ...everyByte(whole).map((at) => [at]), everyByte(whole)]) {
      const { sent, events } = pass(whole, cut, true);
      expect([cut, sent]).toEqual([cut, hidden]);
      expect(events.usage()).toMatchObject({ input: 10, output: 3 });
    }
  });

  it('holds half an event back', () => {
    const events = new EventStream(chat.usage, false);
    expect(events.push(Buffer.from(`data: {"a":1}${end}${end}data: {"b`)).toString()).toBe(`data: {"a":1}${end}${end}`);
    expect(events.torn).toBe(false);
  });
});

describe('an event stream', () => {
  it('closes the last event where no blank line did, and takes its usage', () => {
    const { sent, events } = pass(`data: {"choices":[]}\n\n${usageOnly}`, [], false);
    expect(sent).toBe(`data: {"choices":[]}\n\n${usageOnly}\n\n`);
    expect(events.usage()).toMatchObject({ input: 10 });
  });

  it('takes nothing from comments and other fields', () => {
    const { events } = pass(`: ${usageOnly}\n\nevent: {${usage}}\ndata: {"choices":[]}\n\n`, [], true);
    expect(events.usage()).toBeNull();
  });

  it('keeps an event that tells usage beside a choice', () => {
    const running = `data: {"choices":[{"delta":{}}],${usage}}\n\n`;
    expect(pass(running, [], true)).toMatchObject({ sent: running });
  });

  it('lets the last report stand, and adds none', () => {
    const report = (output: number): string =>
      `data: {"choices":[{}],"usage":{"prompt_tokens":40,"completion_tokens":${output}}}\n\n`;
    const { events } = pass(report(2) + report(4) + report(6), [], true);
    expect(events.usage()).toMatchObject({ input: 40, output: 6 });
  });

  it('lets an event larger than it holds through in parts, and says that it is torn', () => {
    const events = new EventStream(chat.usage, false);
    const part = Buffer.from(`data: ${'x'.repeat(2 * 1024 ** 2)}`);
    expect(events.push(part)).toHaveLength(part.length);
    expect(events.torn).toBe(true);
    expect(events.push(Buffer.from('x\n\n'))).toHaveLength(3);
    expect(events.torn).toBe(false);
  });
});
