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
});
