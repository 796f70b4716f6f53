import { ServerProcess } from './server-process.js';

// A process of its own: starts a program in a folder, tells its id, and waits to be killed.
const [folder = ''] = process.argv.slice(2);
const program = new ServerProcess('sleep', 'sleep', ['600'], folder);
process.stdout.write(`${program.pid}\n`);
