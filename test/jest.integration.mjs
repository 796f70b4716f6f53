import { shared } from './jest.shared.mjs';

/** One context in this process on a real PostgreSQL, Redis and upstream. @type {import('jest').Config} */
export default {
  ...shared,
  displayName: 'integration',
  testMatch: ['<rootDir>/test/integration/**/*.spec.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};
