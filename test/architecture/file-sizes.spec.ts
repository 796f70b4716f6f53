import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { sourceFiles } from './source-files.js';

const lines = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1;
const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor((sorted.length - 1) * share)] ?? 0;

describe('file sizes', () => {
  const sizes = sourceFiles('src', 'migrations').map((file) => ({ file, lines: lines(file) }));

  it('stay under 300 lines each: past that, there is a second noun to find', () => {
    expect(sizes.filter((size) => size.lines > 300)).toEqual([]);
  });

  it('stay small on the whole: median 60, nine in ten under 180', () => {
    const sorted = sizes.map((size) => size.lines).sort((a, b) => a - b);
    expect(sorted.length).toBeGreaterThan(50);
    expect(percentile(sorted, 0.5)).toBeLessThanOrEqual(60);
    expect(percentile(sorted, 0.9)).toBeLessThanOrEqual(180);
  });

  it('leaves no drawer for everything', () => {
    const drawers = /(?:^|\/)(?:utils?|helpers?|common|misc|shared|base)(?:\/|\.[a-z]+\.ts$|\.ts$)/;
    expect(sizes.map((size) => size.file).filter((file) => drawers.test(file))).toEqual([]);
  });
});
