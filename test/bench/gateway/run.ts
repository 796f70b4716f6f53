// `npm run bench:gateway`: the built gateway beside nginx and Portkey, interleaved in one run on two cores:
// load and upstream on core 0, the contender on core 1. Figures to compare are ratios of the same round.
// Environment: ROUNDS (3), SECONDS (4), SCENARIOS (all), WITH_REDIS_URL (adds the gateway on that Redis).
import { spawn } from 'node:child_process';
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Embedded from '../../../src/platform/database/embedded.js';
import { cerebra, mockUpstream, nginx, portkey, type Contender } from './contenders.ts';
import { loadResult, type LoadOptions } from './load-options.ts';
import { cpuMicroseconds, residentMegabytes, stopAll } from './processes.ts';
import { report, type Measurement } from './report.ts';
import { scenarios, type Scenario } from './scenarios.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 3);
const SECONDS = Number(process.env['SECONDS'] ?? 4);
const chosen = process.env['SCENARIOS']?.split(',');

async function measure(contender: Contender, scenario: Scenario, round: number): Promise<Measurement> {
  const options: LoadOptions = {
    url: contender.url,
    headers: contender.headers,
    body: scenario.body,
    connections: scenario.connections,
    rate: scenario.rate,
    seconds: SECONDS,
    warmup: 0.5,
  };
  const load = spawn('taskset', [
    '-c',
    '0',
    process.execPath,
    '--no-warnings',
    join(import.meta.dirname, 'load.ts'),
    JSON.stringify(options),
  ]);
  load.stderr.pipe(process.stderr);
  let before = 0;
  let lines = '';
  for await (const bytes of load.stdout) {
    lines += String(bytes);
    if (before === 0 && lines.includes('measuring')) before = cpuMicroseconds(contender.pid);
  }
  const cpu = cpuMicroseconds(contender.pid) - before;
  const result = loadResult.parse(JSON.parse(lines.trim().split('\n').at(-1) ?? '{}'));
  if (!(result.answered > 0)) throw new Error(`${contender.name} answered nothing in ${scenario.name}: ${lines}`);
  if (result.failed > 0)
    throw new Error(`${contender.name} failed ${result.failed} calls in ${scenario.name}: ${result.firstFailure}`);
  return {
    contender: contender.name,
    scenario: scenario.name,
    round,
    perSecond: (result.answered * 1_000) / result.elapsed,
    p50: result.p50 ?? Number.NaN,
    p99: result.p99 ?? Number.NaN,
    cpuPerUnit: cpu / (result.answered * scenario.unitsPerCall),
    residentMb: residentMegabytes(contender.pid),
  };
}

async function main(): Promise<void> {
  // The built one: Node strips types, but does not find .ts files behind .js imports.
  const built = new URL('../../../dist/src/platform/database/embedded.js', import.meta.url);
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- an import by URL has no type of its own
  const { startEmbeddedPostgres }: typeof Embedded = await import(built.href);
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-postgres-'));
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => {} });
  try {
    const upstreamPort = 9_100;
    const contenders = [
      await mockUpstream(upstreamPort),
      await nginx(9_101, upstreamPort),
      await portkey(9_102, upstreamPort),
      await cerebra('cerebra', 9_103, upstreamPort, { DATABASE_URL: postgres.url }),
    ];
    const redis = process.env['WITH_REDIS_URL'];
    if (redis)
      contenders.push(
        await cerebra('cerebra+redis', 9_104, upstreamPort, { DATABASE_URL: postgres.url, REDIS_URL: redis }),
      );

    const measurements: Measurement[] = [];
    const wanted = scenarios.filter((scenario) => chosen?.includes(scenario.name) ?? true);
    for (const contender of contenders.slice(1)) await measure(contender, { ...scenarios[0], name: 'warm-up' }, 0);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const scenario of wanted) {
        for (const contender of contenders) measurements.push(await measure(contender, scenario, round));
      }
    }
    process.stdout.write(report(measurements, wanted, ROUNDS, SECONDS));
  } finally {
    stopAll();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await main();
