// Loaded into the built process by NODE_OPTIONS=--import. It acts only in the thread of one context, and only when
// the test writes the name of a fault into a file, so that the product itself holds no code for tests.
import { readFileSync, rmSync } from 'node:fs';
import { threadName } from 'node:worker_threads';

const { OCO_TEST_FAULT_CONTEXT: context, OCO_TEST_FAULT_FILE: file } = process.env;

/** The fault that is asked for now, such as `block 3000`. */
function asked() {
  try {
    return readFileSync(String(file), 'utf8').trim();
  } catch {
    return '';
  }
}

/** @param {number} milliseconds */
function block(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** In steps, as a leak does it: the loop turns until the heap is full. Numbers, because the collector is quick with them. */
function fillHeap() {
  const kept = [];
  setInterval(() => kept.push(Array.from({ length: 2_000_000 }).fill(kept.length)), 1);
}

function act() {
  const [fault, argument] = asked().split(' ');
  if (fault === '' || fault === 'throw-at-start') return;
  // Once: the thread that takes its place is well.
  rmSync(String(file), { force: true });
  if (fault === 'throw') throw new Error('a fault that a test asked for');
  if (fault === 'reject') void Promise.reject(new Error('a fault that a test asked for'));
  if (fault === 'block') block(Number(argument));
  if (fault === 'fill-heap') fillHeap();
}

if (threadName === context) {
  if (asked() === 'throw-at-start') throw new Error('a fault that a test asked for');
  setInterval(act, 20).unref();
}
