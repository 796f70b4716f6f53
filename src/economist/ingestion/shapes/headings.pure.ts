const BRACKETED = /[[(]\s*([^[\]()]+?)\s*[\])]\s*$/;

/** `BilledCost`, `billed_cost`, `Billed Cost` and `Coste facturado [BilledCost]` are one and the same. */
const keysOf = (heading: string): readonly string[] => {
  const bracketed = BRACKETED.exec(heading)?.[1];
  return (bracketed === undefined ? [heading] : [bracketed, heading]).map(keyOf);
};

const keyOf = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Finds columns by name: as it is written, else in the ways that exports and spreadsheets spell it. */
export class Headings {
  readonly #exact = new Map<string, number>();
  readonly #similar = new Map<string, number>();

  constructor(readonly all: readonly string[]) {
    // Backwards, so that of two that are alike the first one counts.
    for (let column = all.length - 1; column >= 0; column -= 1) {
      const heading = all[column] ?? '';
      this.#exact.set(heading, column);
      for (const key of keysOf(heading)) this.#similar.set(key, column);
    }
  }

  /** @returns the column's index, or null where the file has none of these */
  find(names: readonly string[]): number | null {
    for (const name of names) {
      const column = this.#exact.get(name) ?? this.#similar.get(keyOf(name));
      if (column !== undefined) return column;
    }
    return null;
  }
}
