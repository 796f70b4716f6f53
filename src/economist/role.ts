import type { EconomistConfig } from './economist.config.js';

/**
 * How many jobs of a kind this process works on at once.
 * @returns 0 where it only takes requests: then it enqueues, and others work
 */
export const workersHere = ({ role }: Pick<EconomistConfig, 'role'>, wanted: number): number =>
  role === 'api' ? 0 : wanted;
