import { defineContext } from '../platform/bounded-context.js';
import { consoleConfig } from './console.config.js';
import { consoleErrors } from './console.errors.js';
import { ConsoleModule } from './console.module.js';

/** The web page. Stores nothing; asks each context over HTTP. */
export const consoleContext = defineContext({
  name: 'console',
  title: 'Console',
  description: 'The web console of Open Cloud Ops',
  config: consoleConfig,
  errors: consoleErrors,
  module: ConsoleModule,
});
