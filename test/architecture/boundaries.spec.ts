import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise, type ICruiseOptions, type IConfiguration } from 'dependency-cruiser';
import { sourceFiles } from './source-files.js';

const root = join(import.meta.dirname, '..', '..');
// oxlint-disable-next-line typescript/no-unsafe-assignment -- a .cjs file that the command line reads too
const rules: IConfiguration = createRequire(import.meta.url)('./dependency-rules.cjs');

async function violations(baseDir: string): Promise<{ cruised: string[]; broken: string[] }> {
  const options: ICruiseOptions = {
    ...rules.options,
    ruleSet: { forbidden: rules.forbidden ?? [] },
    validate: true,
    baseDir,
  };
  const { output } = await cruise(['src', 'migrations'], options, undefined, {
    tsConfig: { options: { module: 199, moduleResolution: 99, target: 11 } },
  });
  if (typeof output === 'string') throw new TypeError('The cruise gave a report instead of a result.');
  return {
    cruised: output.modules.map((module) => module.source).filter((source) => !source.includes('node_modules')),
    broken: output.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from} → ${violation.to}`),
  };
}

describe('boundaries', () => {
  it('hold in every source file, and every source file was looked at', async () => {
    const { cruised, broken } = await violations(root);
    expect(broken).toEqual([]);
    for (const file of sourceFiles('src', 'migrations')) expect(cruised).toContain(file);
  });

  it('are noticed when broken: the canary imports another context, by type and lazily, and a pure file reads a file', async () => {
    const { broken } = await violations(join(import.meta.dirname, 'fixtures', 'contexts-meet'));
    expect(broken).toEqual(
      expect.arrayContaining([
        'contexts-never-meet: src/cerebra/index.ts → src/economist/charge.ts',
        'platform-knows-no-context: src/platform/peek.ts → src/cerebra/index.ts',
        'pure-stays-pure: src/economist/clock.pure.ts → fs',
      ]),
    );
  });
});
