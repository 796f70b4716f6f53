import { z } from 'zod';

/** What an API server answered instead of doing what it was asked. */
export interface Refusal {
  readonly status: number;
  /** Kubernetes' own word, such as `AlreadyExists`; empty where none was sent. */
  readonly reason: string;
  /** Of the server, for people. */
  readonly message: string;
  /** Fields that it objects to. */
  readonly causes: readonly { readonly field: string; readonly reason: string; readonly message: string }[];
  /** How long it asks to be left alone (milliseconds). */
  readonly retryAfterMs: number | null;
  /** With 410 on a list: where to go on, among newer data. */
  readonly continueToken: string | null;
}

const MAX_MESSAGE = 2_000;

const status = z.object({
  kind: z.literal('Status'),
  message: z.string().default(''),
  reason: z.string().default(''),
  metadata: z.object({ continue: z.string().optional() }).default({}),
  details: z
    .object({
      causes: z
        .array(
          z.object({ field: z.string().default(''), reason: z.string().default(''), message: z.string().default('') }),
        )
        .default([]),
    })
    .default({ causes: [] }),
});

/** @param body of an answer that is no success */
export function refusalOf(httpStatus: number, retryAfterMs: number | null, body: Buffer): Refusal {
  const said = parsed(body);
  if (said === null) {
    // A proxy in between, or a server that is no API server: its page is of no use to anyone.
    const message = `It answered ${httpStatus}.`;
    return { status: httpStatus, reason: '', message, causes: [], retryAfterMs, continueToken: null };
  }
  return {
    status: httpStatus,
    reason: said.reason,
    message: said.message.slice(0, MAX_MESSAGE),
    causes: said.details.causes,
    retryAfterMs,
    continueToken: said.metadata.continue ?? null,
  };
}

function parsed(body: Buffer): z.output<typeof status> | null {
  try {
    const result = status.safeParse(JSON.parse(body.toString()));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
