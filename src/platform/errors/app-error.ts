/** How loudly a failure is logged: `info` the caller's mistake, `warn` something is away, `error` a fault of ours. */
export type Severity = 'info' | 'warn' | 'error';

export interface ErrorSpec {
  /** Stable, machine-readable, snake_case; clients branch on it. */
  readonly code: string;
  readonly status: number;
  readonly severity: Severity;
  /** For the documentation: when it happens and what the user can do. */
  readonly description: string;
}

export type ErrorCatalogue = Readonly<Record<string, ErrorSpec>>;

/** Checks the shape of a context's list of errors and keeps its keys. */
export function defineErrors<T extends ErrorCatalogue>(catalogue: T): T {
  return catalogue;
}

/** JSON that may leave the process beside a message; never secrets, never content. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** An unexpected or unfulfillable request. Expected outcomes are return values, not errors. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly spec: ErrorSpec,
    /** A whole sentence for the user: what is wrong and what to do. */
    message: string,
    readonly details: ErrorDetails = {},
    options: { cause?: unknown; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.headers = options.headers ?? {};
  }

  readonly headers: Readonly<Record<string, string>>;
}
