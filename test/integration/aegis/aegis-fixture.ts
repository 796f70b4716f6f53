import { aegis } from '../../../src/aegis/index.js';
import { ContextFixture, startContext, type ContextOptions } from '../../support/context-fixture.js';

export type { Reply } from '../../support/context-fixture.js';

/** Aegis on a real database, listening, its jobs and schedules at work. */
export class AegisFixture extends ContextFixture {
  static async start(options: Omit<ContextOptions, 'provided'> = {}): Promise<AegisFixture> {
    return new AegisFixture(await startContext(aegis, options));
  }
}
