import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { CONFIG } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import type { Caller } from './caller.js';
import { HeaderCallers } from './header-callers.js';
import { malformedHeader } from './attribution.pure.js';
import { KeyMap } from './key-map.js';
import { isOurs } from './key-secret.js';

/** Whom a call is for: by its virtual key, or by what its headers say where it brings a key of its own. */
@Injectable()
export class Callers {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<CerebraConfig, 'auth'>,
    @Inject(KeyMap) private readonly keys: KeyMap,
    @Inject(HeaderCallers) private readonly attributed: HeaderCallers,
  ) {}

  /**
   * With a virtual key its own identity counts and headers say nothing: whoever holds one could otherwise spend the
   * budgets of others.
   * @returns null for a key that does not open, and where headers are malformed that attribute the call
   */
  find(key: string, headers: IncomingHttpHeaders): Caller | null {
    const { auth } = this.config;
    // A key of this house must never go upstream, whatever has become of it.
    if (isOurs(key)) return auth === 'passthrough' ? null : this.keys.find(key);
    return auth === 'keys' ? null : this.attributed.find(headers);
  }

  /** The header to blame where {@link find} found nobody; null: the key. */
  malformed(headers: IncomingHttpHeaders): string | null {
    return this.config.auth === 'keys' ? null : malformedHeader(headers);
  }
}
