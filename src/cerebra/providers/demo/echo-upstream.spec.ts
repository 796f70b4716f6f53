import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { UpstreamCall, UpstreamListener } from '../upstream.js';
import { EchoUpstream } from './echo-upstream.js';

/** Remembers what it hears. */
class Listener implements UpstreamListener {
  readonly abandoned = false;
  status = 0;
  readonly heard: string[] = [];
  endings = 0;
  head = (status: number): void => void (this.status = status);
  bytes = (chunk: Buffer): void => void this.heard.push(chunk.toString());
  ended = (): void => void this.endings++;
  failed = (): void => void this.endings++;
}

let listener: Listener;

function say(content: unknown, stream = true): UpstreamCall {
  const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content }], stream }));
  return new EchoUpstream().send({ path: '/chat/completions', body, headers: [], credential: null }, listener);
}

beforeEach(() => {
  jest.useFakeTimers();
  listener = new Listener();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the echo', () => {
  it('speaks a word at a time, and ends once', () => {
    say('one two');
    expect(listener.heard).toEqual([]);
    jest.runAllTimers();
    expect(listener.heard).toHaveLength(5);
    expect(listener.heard.at(-1)).toBe('data: [DONE]\n\n');
    expect(listener).toMatchObject({ status: 200, endings: 1 });
  });

  it('holds its tongue while it is paused, and says nothing twice', () => {
    const call = say('one two');
    jest.advanceTimersToNextTimer();
    call.pause();
    jest.runAllTimers();
    expect(listener.heard.length).toBeLessThan(3);
    call.resume();
    call.resume();
    jest.runAllTimers();
    expect(listener.heard).toHaveLength(5);
    expect(listener.endings).toBe(1);
  });

  it('is not heard any more once it is given up', () => {
    say('one two').abort();
    jest.runAllTimers();
    expect(listener).toMatchObject({ status: 0, heard: [], endings: 0 });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('reads text parts, and says what it cannot read', () => {
    say([{ type: 'text', text: 'Hi' }, { type: 'image_url' }], false);
    jest.runAllTimers();
    expect(JSON.parse(listener.heard[0] ?? '')).toMatchObject({ choices: [{ message: { content: 'Hi' } }] });
    listener = new Listener();
    new EchoUpstream().send(
      { path: '/chat/completions', body: Buffer.from('{"messages":"\\x"}'), headers: [], credential: null },
      listener,
    );
    jest.runAllTimers();
    expect(listener).toMatchObject({ status: 400, endings: 1 });
  });
});
