import type { UpstreamCall, UpstreamListener } from './upstream.js';

export interface HttpClientOptions {
  /** Such as `https://api.openai.com`. */
  readonly origin: string;
  /** Wait for the first byte and between two bytes. */
  readonly timeoutMs: number;
}

export interface HttpCallRequest {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: Buffer | null;
  /** Whose answer it is: told before the listener. Null: a key that is not the provider's own. */
  readonly credential: AnsweredCredential | null;
}

/** A key that is told how calls with it are answered. */
export interface AnsweredCredential {
  answered(status: number): void;
}

/** HTTP/1.1 to one origin. */
export interface HttpClient {
  /** Never throws; the listener may be told before this returns. */
  send(request: HttpCallRequest, listener: UpstreamListener): UpstreamCall;
  /** No connection is open. */
  readonly quiet: boolean;
  close(): Promise<void>;
}
