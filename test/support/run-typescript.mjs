// Preloaded into child processes of tests: in TypeScript sources './x.js' stands for './x.ts'.
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) => {
    const fromSource = context.parentURL?.endsWith('.ts') === true && specifier.startsWith('.');
    return next(fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
