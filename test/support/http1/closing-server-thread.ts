// The provider's thread of closing-server.ts. It answers every request with its path, and closes as it is told.
import { createServer, type Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { CLOSED, EACH, ORDER, PORT, RESET, SEEN } from './closing-server-slots.ts';

const memory: unknown = workerData;
if (!(memory instanceof SharedArrayBuffer)) throw new Error('no shared memory');
const slots = new Int32Array(memory);
let last: Socket | null = null;
let replies = 0;

function answer(socket: Socket, request: string): void {
  last = socket;
  const path = /^POST (\/\d+)/.exec(request)?.[1] ?? '/0';
  Atomics.add(slots, SEEN + Number(path.slice(1)), 1);
  socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${path.length}\r\n\r\n${path}`);
  replies++;
  if (Atomics.load(slots, EACH) === 0) return;
  // Never, at once, or a little later: before, on and after the next request.
  const reset = replies % 2 === 0;
  setTimeout(() => (reset ? socket.resetAndDestroy() : socket.destroy()), replies % 3);
}

async function obey(): Promise<void> {
  for (;;) {
    await Atomics.waitAsync(slots, ORDER, 0).value;
    const order = Atomics.exchange(slots, ORDER, 0);
    last?.once('close', () => {
      Atomics.store(slots, CLOSED, 1);
      Atomics.notify(slots, CLOSED);
    });
    if (order === RESET) last?.resetAndDestroy();
    else last?.destroy();
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => answer(socket, bytes.toString('latin1')));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  Atomics.store(slots, PORT, address.port);
  Atomics.notify(slots, PORT);
});
void obey();
