import type { Type } from '@nestjs/common';
import { CustomType } from './custom/custom.type.js';
import { FocusFileType } from './focus-file/focus-file.type.js';
import type { SourceType } from './source-type.js';

/** The kinds of sources that there are. Each is made by Nest, so that it can have injected what it needs. */
export const sourceTypes: readonly Type<SourceType>[] = [FocusFileType, CustomType];

/** The kinds by their name. */
export class SourceTypes {
  private readonly byName: ReadonlyMap<string, SourceType>;

  constructor(types: readonly SourceType[]) {
    this.byName = new Map(types.map((type) => [type.type, type]));
  }

  /** @returns null for a type that is unknown here, such as one of a later version */
  find(type: string): SourceType | null {
    return this.byName.get(type) ?? null;
  }

  get names(): readonly string[] {
    return [...this.byName.keys()];
  }
}
