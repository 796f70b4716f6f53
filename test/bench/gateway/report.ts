import type { Scenario } from './scenarios.ts';

export interface Measurement {
  readonly contender: string;
  readonly scenario: string;
  readonly round: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of user and system time per call, or per event of a stream. */
  readonly cpuPerUnit: number;
  readonly residentMb: number;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Markdown tables, one per scenario: medians over the rounds, ratios taken round by round. */
export function report(
  all: readonly Measurement[],
  scenarios: readonly Scenario[],
  rounds: number,
  seconds: number,
): string {
  const lines = [
    `\n${new Date().toISOString().slice(0, 10)}, ${rounds} rounds of ${seconds} s, Node ${process.version}, medians\n`,
  ];
  for (const scenario of scenarios) {
    const here = all.filter((measurement) => measurement.scenario === scenario.name);
    const unit = scenario.unitsPerCall === 1 ? 'call' : 'event';
    lines.push(
      `\n### ${scenario.title}\n`,
      `| | calls/s | p50 ms | p99 ms | added p50 / p99 ms | CPU µs/${unit} | × nginx | portkey ÷ this | RSS MB |`,
      '|---|---|---|---|---|---|---|---|---|',
    );
    for (const name of new Set(here.map((measurement) => measurement.contender))) lines.push(row(name, here));
  }
  return `${lines.join('\n')}\n`;
}

function row(name: string, here: readonly Measurement[]): string {
  const own = here.filter((measurement) => measurement.contender === name);
  const beside = (other: string, figure: (mine: Measurement, theirs: Measurement) => number): number =>
    median(
      own.flatMap((mine) => {
        const theirs = here.find((one) => one.contender === other && one.round === mine.round);
        return theirs ? [figure(mine, theirs)] : [];
      }),
    );
  const cells = [
    name,
    median(own.map((one) => one.perSecond)).toFixed(0),
    median(own.map((one) => one.p50)).toFixed(2),
    median(own.map((one) => one.p99)).toFixed(2),
    `${beside('direct', (mine, direct) => mine.p50 - direct.p50).toFixed(2)} / ${beside('direct', (mine, direct) => mine.p99 - direct.p99).toFixed(2)}`,
    median(own.map((one) => one.cpuPerUnit)).toFixed(1),
    beside('nginx', (mine, nginx) => mine.cpuPerUnit / nginx.cpuPerUnit).toFixed(2),
    beside('portkey', (mine, other) => other.cpuPerUnit / mine.cpuPerUnit).toFixed(1),
    Math.max(...own.map((one) => one.residentMb)).toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}
