import { expect, it } from '@jest/globals';
import { reportCsv } from './report-csv.pure.js';
import type { Report } from './reports.dto.js';

const sums = {
  total_cost_usd: 0.0000000028,
  total_cost_usd_exact: '0.000000002800',
  total_requests: 3,
  refused_requests: 1,
  total_tokens: 120,
  avg_latency_ms: 12.5,
  error_rate: 0,
  total_savings_usd: 0,
  total_savings_usd_exact: '0.000000000000',
};

const report = (names: readonly string[]): Report => ({
  period: { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' },
  ...sums,
  cost_by_provider: [],
  cost_by_model: [],
  cost_by_team: [{ id: null, name: null, ...sums, avg_latency_ms: null }],
  top_agents: names.map((name) => ({ id: name, name, ...sums })),
});

it('a report as CSV has a line for the whole and one for each part, with exact amounts', () => {
  expect(reportCsv(report(['bot'])).split('\r\n')).toEqual([
    'dimension,id,name,cost_usd,requests,refused_requests,tokens,savings_usd,error_rate,avg_latency_ms',
    'total,,,0.000000002800,3,1,120,0.000000000000,0,12.5',
    'team,,,0.000000002800,3,1,120,0.000000000000,0,',
    'agent,bot,bot,0.000000002800,3,1,120,0.000000000000,0,12.5',
    '',
  ]);
});

it.each([
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\r\nb', '"a\r\nb"'],
  ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['@cmd', "'@cmd"],
])('the name %j can neither break a line nor run as a formula', (name, cell) => {
  expect(reportCsv(report([name]))).toContain(`agent,${cell},${cell},`);
});
