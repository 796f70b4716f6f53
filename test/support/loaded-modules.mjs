// Loaded into the built process by NODE_OPTIONS=--import: notes every file of ours that any thread loads.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const file = String(process.env['OCO_TEST_LOADED_FILE']);

registerHooks({
  load(url, context, nextLoad) {
    if (url.includes('/dist/')) appendFileSync(file, `${url}\n`);
    return nextLoad(url, context);
  },
});
