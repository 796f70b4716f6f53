import { describe, expect, it } from '@jest/globals';
import type { Caller } from '../identity/caller.js';
import type { Target } from '../providers/resolve.js';
import { mayUse } from './allowed-models.js';

const may = (allowedModels: readonly string[] | null, model: string): boolean => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is looked at
  const [caller, target] = [{ allowedModels } as Caller, { model, provider: { name: 'openai' } } as Target];
  return mayUse(caller, target);
};

describe('mayUse', () => {
  it.each([
    [null, 'anything', true],
    [[], 'gpt-4o', false],
    [['gpt-4o'], 'gpt-4o', true],
    [['gpt-4o'], 'gpt-4o-mini', false],
    [['gpt-4*'], 'gpt-4o-mini', true],
    [['*'], '', true],
    [['*-mini'], 'gpt-4o-mini', true],
    [['*-mini'], 'gpt-4o-mini-2024', false],
    [['gpt-*-mini'], 'gpt-4o-mini', true],
    [['gpt-*-mini'], 'gpt-mini', false],
    [['a*a'], 'a', false],
    [['*b*b*'], 'abab', true],
    [['*b*b*'], 'ab', false],
    [['openai/gpt-*'], 'gpt-4o', true],
    [['azure/gpt-*'], 'gpt-4o', false],
    [['gpt.4o'], 'gptx4o', false],
    [['claude-*', 'gpt-4o'], 'gpt-4o', true],
  ])('%j, asked for %j: %j', (patterns, model, allowed) => expect(may(patterns, model)).toBe(allowed));

  it('takes no longer for a name that almost fits in many ways', () => {
    const start = performance.now();
    expect(may(['*a*a*a*a*a*a*mini'], 'a'.repeat(200))).toBe(false);
    expect(performance.now() - start).toBeLessThan(100);
  });
});
