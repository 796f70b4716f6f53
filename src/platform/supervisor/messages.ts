import type { Settings } from '../config/settings.js';
import type { Connections } from '../connections.js';

/** What a context's thread is born with. */
export interface ThreadData {
  readonly context: string;
  readonly settings: Settings;
  readonly connections: Connections;
  readonly beats: Int32Array<SharedArrayBuffer>;
}

/** Supervisor → thread. */
export type Order =
  /** The answer to `built`: the port is free, listen. */
  { readonly kind: 'listen' } | { readonly kind: 'stop'; readonly deadlineMs: number };

/** Thread → supervisor. */
export type Report =
  /** All but the listener stands; until now the supervisor's stand-in held the port. */
  | { readonly kind: 'built' }
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'stopped' };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export const isThreadData = (value: unknown): value is ThreadData =>
  isRecord(value) &&
  typeof value['context'] === 'string' &&
  isRecord(value['settings']) &&
  isRecord(value['connections']) &&
  value['beats'] instanceof Int32Array;

export const isOrder = (value: unknown): value is Order =>
  isRecord(value) &&
  (value['kind'] === 'listen' || (value['kind'] === 'stop' && typeof value['deadlineMs'] === 'number'));

export const isReport = (value: unknown): value is Report => {
  if (!isRecord(value)) return false;
  switch (value['kind']) {
    case 'built':
    case 'stopped':
      return true;
    case 'ready':
      return typeof value['port'] === 'number';
    case 'failed':
      return typeof value['reason'] === 'string';
    default:
      return false;
  }
};
