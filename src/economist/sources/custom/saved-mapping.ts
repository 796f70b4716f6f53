import { z } from 'zod';
import type { ColumnMapping } from '../row-shape.js';
import type { SourceRow } from '../source.entity.js';
import { columnMapping } from './column-mapping.js';

const settings = z.object({ mapping: columnMapping });

/** How files that are sent to the source are read; null: as FOCUS. */
export const savedMapping = ({ type, settings: stored }: SourceRow): ColumnMapping | null =>
  type === 'custom' ? settings.parse(stored).mapping : null;
