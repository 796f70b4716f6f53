import { focusColumns } from '../../charges/focus-columns.js';
import type { Shape } from './shape.js';

/** FOCUS 1.0 to 1.2: each column under its own name; what a version lacks is absent. */
export const focus: Shape = {
  columns: Object.fromEntries(Object.keys(focusColumns).map((name) => [name, name])),
  known: {},
};
