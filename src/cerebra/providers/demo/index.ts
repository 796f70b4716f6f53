import type { CerebraConfig } from '../../cerebra.config.js';
import type { Provider } from '../provider.js';
import { EchoUpstream } from './echo-upstream.js';
import { DEMO_PROVIDER, ECHO } from './price.js';

/** The built-in provider: `demo/echo` answers with what it is told, without any account. Null where it is off. */
export const demo = (config: CerebraConfig): Provider | null =>
  config.demo
    ? {
        name: DEMO_PROVIDER,
        api: 'openai',
        upstream: new EchoUpstream(),
        address: null,
        availability: 'open',
        needsOwnKey: false,
        serves: (model, named) => named && model === ECHO,
      }
    : null;
