/**
 * How the columns of a file become those of FOCUS: by a shape that is known by name (a file in `ingestion/shapes/`), or
 * by a mapping that a user saved.
 */
export type RowShape = { readonly kind: ShapeName } | { readonly kind: 'mapping'; readonly mapping: ColumnMapping };

export const shapeNames = ['focus', 'aws-cur-2', 'azure-actual', 'azure-amortised', 'gcp'] as const;
export type ShapeName = (typeof shapeNames)[number];

/** FOCUS column → the file's column, a constant, or a column with the format that its times or numbers have. */
export type ColumnMapping = Readonly<
  Record<string, string | { readonly const: string } | { readonly column: string; readonly format: string }>
>;
