import { AppError, defineErrors, type ErrorDetails } from './app-error.js';

/** The codes that every module can answer with. */
export const platformErrors = defineErrors({
  badRequest: { code: 'bad_request', status: 400, severity: 'info', description: 'The request cannot be read.' },
  unauthorized: { code: 'unauthorized', status: 401, severity: 'info', description: 'No valid access key was sent.' },
  forbidden: { code: 'forbidden', status: 403, severity: 'info', description: 'The access key lacks the role.' },
  notFound: { code: 'not_found', status: 404, severity: 'info', description: 'The resource or path does not exist.' },
  methodNotAllowed: {
    code: 'method_not_allowed',
    status: 405,
    severity: 'info',
    description: 'The path exists, but not for this method; `Allow` lists those that it has.',
  },
  conflict: { code: 'conflict', status: 409, severity: 'info', description: 'It clashes with something that exists.' },
  payloadTooLarge: {
    code: 'payload_too_large',
    status: 413,
    severity: 'info',
    description: 'The body is larger than this endpoint takes.',
  },
  unsupportedMediaType: {
    code: 'unsupported_media_type',
    status: 415,
    severity: 'info',
    description: 'The body has a content type that this endpoint does not read.',
  },
  validation: {
    code: 'validation_error',
    status: 422,
    severity: 'info',
    description: 'A field is missing, unknown or malformed; `details` maps each path to a message.',
  },
  dependencyFailed: {
    code: 'dependency_failed',
    status: 424,
    severity: 'warn',
    description: 'Something that this request needs could not be reached or refused.',
  },
  rateLimited: { code: 'rate_limited', status: 429, severity: 'info', description: 'Too many requests; wait first.' },
  internal: { code: 'internal_error', status: 500, severity: 'error', description: 'A fault of ours; it was logged.' },
  upstream: {
    code: 'upstream_error',
    status: 502,
    severity: 'warn',
    description: 'The upstream gave no usable reply.',
  },
  unavailable: {
    code: 'service_unavailable',
    status: 503,
    severity: 'warn',
    description: 'The module cannot do its work now; try again later.',
  },
});

export const badRequest = (message: string): AppError => new AppError(platformErrors.badRequest, message);

/** @param what for example `Budget 'b1'` */
export const notFound = (what: string): AppError => new AppError(platformErrors.notFound, `${what} does not exist.`);

export const conflict = (message: string, details: ErrorDetails = {}): AppError =>
  new AppError(platformErrors.conflict, message, details);

/** @param issues path of the field → what is wrong with it */
export const invalid = (issues: Readonly<Record<string, string>>): AppError =>
  new AppError(platformErrors.validation, `The request is not valid. ${sentences(issues).join(' ')}`, issues);

/** Each names its field, so that the message alone is enough to mend the request. */
const sentences = (issues: Readonly<Record<string, string>>): string[] =>
  Object.entries(issues).map(([path, message]) => (message.includes(path) ? message : `${path}: ${message}`));
