// Anthropic's API on this machine, to try the gateway without an account:
//   node test/simulators/anthropic/main.ts [--port 9011] [--pace-ms 20] [--api-key KEY]
// and start Open Cloud Ops with ANTHROPIC_BASE_URL=http://127.0.0.1:9011. Needs Node 24.
import { parseArgs } from 'node:util';
import { AnthropicSimulator } from './simulator.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9011' },
    'pace-ms': { type: 'string', default: '20' },
    'api-key': { type: 'string' },
  },
});

const simulator = await AnthropicSimulator.start({
  port: Number(values.port),
  paceMs: Number(values['pace-ms']),
  apiKey: values['api-key'],
});
process.stdout.write(`ANTHROPIC_BASE_URL=${simulator.origin}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
