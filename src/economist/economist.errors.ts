import { defineErrors } from '../platform/errors/app-error.js';

export const economistErrors = defineErrors({
  fileOutOfBounds: {
    code: 'file_out_of_bounds',
    status: 422,
    severity: 'info',
    description: 'A file has more columns, longer cells or more bytes, once unpacked, than any cost report has.',
  },
  fileUnreadable: {
    code: 'file_unreadable',
    status: 422,
    severity: 'info',
    description:
      'A file is empty or damaged, is not in the format that it is said to be in, or lacks the columns of costs.',
  },
  requestCapReached: {
    code: 'request_cap_reached',
    status: 429,
    severity: 'info',
    description: 'A source has sent all requests to its provider that it may send in a day (`daily_request_cap`).',
  },
  runAbandoned: {
    code: 'run_abandoned',
    status: 500,
    severity: 'error',
    description:
      'A run was given up: each worker that took it died. Look for the cause in the logs, then start it again.',
  },
  sourceDeleted: {
    code: 'source_deleted',
    status: 409,
    severity: 'info',
    description: 'A run ended because its source was deleted.',
  },
});
