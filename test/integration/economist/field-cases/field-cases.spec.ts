import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EconomistFixture } from '../economist-fixture.js';
import { readCases } from './field-case.js';
import { doImport } from './import-step.js';

const cases = readCases();

describe('what users of FinOps tools met', () => {
  let economist: EconomistFixture;
  beforeAll(async () => (economist = await EconomistFixture.start()));
  afterAll(() => economist.stop());
  beforeEach(() => economist.empty());

  it('is all here', () => {
    expect(cases.length).toBeGreaterThanOrEqual(8);
  });

  it.each(cases)('$name', async ({ folder, steps, now }) => {
    for (const step of steps) {
      economist.setTime(step.now ?? now);
      await doImport(economist, folder, step);
    }
  });
});
