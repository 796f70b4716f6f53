// Gemini's API on this machine, to try the gateway without an account:
//   node test/simulators/gemini/main.ts [--port 9012] [--pace-ms 20] [--api-key KEY]
// and start Open Cloud Ops with GEMINI_BASE_URL=http://127.0.0.1:9012. Needs Node 24.
import { parseArgs } from 'node:util';
import { GeminiSimulator } from './simulator.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9012' },
    'pace-ms': { type: 'string', default: '20' },
    'api-key': { type: 'string' },
  },
});

const simulator = await GeminiSimulator.start({
  port: Number(values.port),
  paceMs: Number(values['pace-ms']),
  apiKey: values['api-key'],
});
process.stdout.write(`GEMINI_BASE_URL=${simulator.origin}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
