// OpenAI's API on this machine, to try the gateway without an account:
//   node test/simulators/openai/main.ts [--port 9010] [--pace-ms 20] [--api-key KEY]
// and start Open Cloud Ops with OPENAI_BASE_URL=http://127.0.0.1:9010/v1. Needs Node 24.
import { parseArgs } from 'node:util';
import { OpenAiSimulator } from './simulator.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9010' },
    'pace-ms': { type: 'string', default: '20' },
    'api-key': { type: 'string' },
  },
});

const simulator = await OpenAiSimulator.start({
  port: Number(values.port),
  paceMs: Number(values['pace-ms']),
  apiKey: values['api-key'],
});
process.stdout.write(`OPENAI_BASE_URL=${simulator.baseUrl}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
