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

  it('are noticed when broken: every rule has a canary that breaks it, by type, lazily or plainly', async () => {
    const { broken } = await violations(join(import.meta.dirname, 'fixtures', 'contexts-meet'));
    expect([...broken].sort()).toEqual([
      'contexts-never-meet: migrations/cerebra/index.ts → migrations/economist/index.ts',
      'contexts-never-meet: src/cerebra/index.ts → src/economist/charge.ts',
      'no-circular: src/aegis/left.ts → src/aegis/right.ts',
      'only-contexts-ts-names-contexts: src/main.ts → src/cerebra/index.ts',
      'platform-knows-no-context: migrations/platform/index.ts → migrations/cerebra/index.ts',
      'platform-knows-no-context: src/platform/peek.ts → src/cerebra/index.ts',
      'product-needs-no-test-packages: src/aegis/right.ts → ../../../../node_modules/@nestjs/testing/index.js',
      'pure-stays-pure: src/economist/clock.pure.ts → fs',
      'resolvable: src/aegis/right.ts → ./nowhere.js',
    ]);
    const canaries = new Set(broken.map((line) => line.slice(0, line.indexOf(':'))));
    expect(rules.forbidden?.map((rule) => rule.name).filter((name) => !canaries.has(name ?? ''))).toEqual([]);
  });
});
