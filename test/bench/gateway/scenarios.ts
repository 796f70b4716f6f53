/** One way of asking. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly body: string;
  readonly connections: number;
  /** Requests per second, open loop; 0 is a closed loop. */
  readonly rate: number;
  /** What CPU time is divided by: 1 for calls, the number of events for streams. */
  readonly unitsPerCall: number;
}

const EVENTS_PER_STREAM = 52;

const sentence =
  'The customer asked whether an order placed on Monday could be "changed" before dispatch, café included.\n';

/** A chat request of about that many bytes. */
function body(bytes: number, stream: boolean): string {
  const content = sentence.repeat(Math.ceil(bytes / sentence.length)).slice(0, Math.max(1, bytes - 250));
  return JSON.stringify({
    model: 'gpt-4o-mini',
    messages: [
      { role: 'system', content: 'You are a support assistant for an online shop. Answer briefly.' },
      { role: 'user', content },
    ],
    temperature: 0.2,
    max_tokens: 256,
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
}

export const scenarios: readonly [Scenario, ...Scenario[]] = [
  { name: 't64', title: '64 connections, 1 kB', body: body(1_024, false), connections: 64, rate: 0, unitsPerCall: 1 },
  {
    name: 'b32k',
    title: '64 connections, 32 kB',
    body: body(32_768, false),
    connections: 64,
    rate: 0,
    unitsPerCall: 1,
  },
  {
    name: 'r1000',
    title: '1,000 requests/s, 1 kB',
    body: body(1_024, false),
    connections: 256,
    rate: 1_000,
    unitsPerCall: 1,
  },
  {
    name: 'sse',
    title: '16 streams of 52 events',
    body: body(1_024, true),
    connections: 16,
    rate: 0,
    unitsPerCall: EVENTS_PER_STREAM,
  },
];
