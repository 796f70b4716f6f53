import { shared } from './jest.shared.mjs';

/** Rules and pure decisions: no server is started. @type {import('jest').Config} */
export default {
  ...shared,
  displayName: 'unit',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/architecture/**/*.spec.ts'],
};
