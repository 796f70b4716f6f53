import { z } from 'zod';
import { mappingFaults } from '../../ingestion/shapes/mapping.pure.js';

const text = z.string().max(500);

/** What a user says of a file's columns. Faults are named by their FOCUS column. */
export const columnMapping = z
  .record(
    text,
    z.union(
      [text.min(1), z.strictObject({ const: text }), z.strictObject({ column: text.min(1), format: text.min(1) })],
      {
        error: 'Expected a column, {"const": value} or {"column": name, "format": form}.',
      },
    ),
  )
  .superRefine((mapping, context) => {
    for (const [column, message] of Object.entries(mappingFaults(mapping))) {
      context.addIssue({ code: 'custom', path: [column], message });
    }
  });
