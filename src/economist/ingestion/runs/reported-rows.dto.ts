import { z } from 'zod';
import { listFields, listReplyFields } from '../../../platform/http/list.js';
import { partNameOf } from './reported-part.pure.js';
import type { ReportedRow } from './reported-rows.repository.js';

const reportedRow = z
  .object({
    file: z.string(),
    line: z.number().describe('Where the record starts in the unpacked file, the header being 1.'),
    column: z.string().nullable().describe('As the file names it.'),
    code: z.string(),
    reason: z.string(),
    value: z.string().nullable(),
  })
  .meta({ id: 'ReportedRow' });

export const reportedRowsQuery = z.strictObject(listFields(z.tuple([z.string(), z.string(), z.string(), z.string()])));
export const rejectionsReply = z.object({ rejections: z.array(reportedRow), ...listReplyFields });
export const repairsReply = z.object({ repairs: z.array(reportedRow), ...listReplyFields });

export type ReportedRowsQuery = z.output<typeof reportedRowsQuery>;
export type ReportedRowReply = z.output<typeof reportedRow>;

export const toReportedRowReply = (row: ReportedRow): ReportedRowReply => ({
  file: partNameOf(row.part),
  line: Number(row.line),
  column: row.column_name,
  code: row.code,
  reason: row.reason,
  value: row.value,
});
