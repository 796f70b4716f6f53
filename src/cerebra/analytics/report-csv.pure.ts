import type { Report, ReportPart } from './reports.dto.js';

const HEAD = [
  'dimension',
  'id',
  'name',
  'cost_usd',
  'requests',
  'refused_requests',
  'tokens',
  'savings_usd',
  'error_rate',
  'avg_latency_ms',
];

/** Names come from clients; a spreadsheet would run one that begins like a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** As RFC 4180 wants it: one line for the whole, then one for each part. */
export function reportCsv(report: Report): string {
  const lines = [
    HEAD,
    line('total', { id: null, name: null, ...report }),
    ...report.cost_by_provider.map((part) => line('provider', part)),
    ...report.cost_by_model.map((part) => line('model', part)),
    ...report.cost_by_team.map((part) => line('team', part)),
    ...report.top_agents.map((part) => line('agent', part)),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

const line = (dimension: string, part: ReportPart): string[] => [
  dimension,
  text(part.id),
  text(part.name),
  part.total_cost_usd_exact,
  String(part.total_requests),
  String(part.refused_requests),
  String(part.total_tokens),
  part.total_savings_usd_exact,
  String(part.error_rate),
  part.avg_latency_ms === null ? '' : String(part.avg_latency_ms),
];

function text(value: string | null): string {
  if (value === null) return '';
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
