import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { beat, createBeats, Silence, watchBeats } from './heartbeat.js';

describe('heartbeat', () => {
  it('adds up silence tick by tick, and forgets it with the first beat', () => {
    const silence = new Silence();
    const heard = [7, 7, 7, 8, 8].map((beats) => silence.tick(beats, 250));
    expect(heard).toEqual([0, 250, 500, 0, 250]);
  });

  it('reports a thread that falls silent, once', async () => {
    const stalls: number[] = [];
    const end = watchBeats(createBeats(), 40, () => stalls.push(performance.now()));
    await sleep(200);
    end();
    expect(stalls).toHaveLength(1);
  });

  it('leaves a thread alone that beats', async () => {
    const beats = createBeats();
    let stalled = false;
    const end = watchBeats(beats, 400, () => (stalled = true));
    beat(beats, 20);
    await sleep(1_000);
    end();
    expect(Atomics.load(beats, 0)).toBeGreaterThan(10);
    expect(stalled).toBe(false);
  });
});
