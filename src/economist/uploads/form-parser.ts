import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { AppError } from '../../platform/errors/app-error.js';
import { badRequest, platformErrors } from '../../platform/errors/platform.errors.js';
import type { StoredUpload } from './stored-upload.js';

/** Fields are short: names, and mappings of columns. */
const LONGEST_FIELD = 256 * 1024;
const MOST_FIELDS = 20;
const LONGEST_NAME = 500;

/** Takes a file while it arrives. */
export type FileSink = (name: string, content: AsyncIterable<Uint8Array>) => Promise<StoredUpload>;

/**
 * Reads a form of at most one file.
 * @returns its fields, as text, and its file
 * @throws {AppError} for a form that is broken, or larger than we take; the rest of the request is left unread, so that
 * the refusal can be sent
 */
export async function parseForm(
  request: IncomingMessage,
  contentType: string,
  sink: FileSink,
): Promise<Record<string, string | StoredUpload>> {
  const parser = openParser(request, contentType);
  const form = new Form(sink);
  form.listen(parser);
  try {
    await feed(parser, request, form.failed);
    await form.whole();
  } catch (error) {
    await form.abandon(error instanceof Error ? error : new Error(String(error)));
    throw form.failed.aborted ? form.failed.reason : error;
  }
  return form.fields;
}

/** What has been read of a form so far. */
class Form {
  private readonly values = new Map<string, string | StoredUpload>();
  private readonly failing = new AbortController();
  private storing: Promise<void> = Promise.resolve();
  private content: BusboyFileStream | null = null;

  constructor(private readonly sink: FileSink) {}

  get failed(): AbortSignal {
    return this.failing.signal;
  }

  get fields(): Record<string, string | StoredUpload> {
    return Object.fromEntries(this.values);
  }

  listen(parser: BusboyInstance): void {
    const refuse = (message: string): void => this.failing.abort(new AppError(platformErrors.payloadTooLarge, message));
    parser.on('field', (name, value, _nameIsCut, valueIsCut) => {
      if (valueIsCut) refuse(`The field '${name}' is longer than ${LONGEST_FIELD} bytes.`);
      else this.values.set(name, value);
    });
    parser.on('file', (field, content, name) => this.store(field, content, name));
    parser.on('fieldsLimit', () => refuse(`The form has more than ${MOST_FIELDS} fields.`));
    parser.on('filesLimit', () => refuse('The form has more than one file. Send them one by one.'));
    // What the parser itself cannot read.
    parser.on('error', () => this.failing.abort(badRequest('The form breaks off, or is not one.')));
  }

  /** Waits until the file is stored. @throws what made that fail */
  async whole(): Promise<void> {
    await this.storing;
    this.failed.throwIfAborted();
  }

  async abandon(reason: Error): Promise<void> {
    this.content?.destroy(reason);
    await this.storing;
  }

  private store(field: string, content: BusboyFileStream, name: string): void {
    this.content = content;
    // Told to whoever reads it; by then, nobody may.
    content.on('error', () => undefined);
    this.storing = this.sink(shown(name || field), content).then(
      (upload) => void this.values.set(field, upload),
      (error: unknown) => this.failing.abort(error),
    );
  }
}

/** Clients call files what they like. */
const shown = (name: string): string =>
  name
    .replace(/\p{Cc}/gu, '')
    .slice(0, LONGEST_NAME)
    .toWellFormed();

/** By hand, since a pipeline that fails would close the connection that its refusal has to leave by. */
async function feed(parser: BusboyInstance, request: IncomingMessage, failed: AbortSignal): Promise<void> {
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    failed.throwIfAborted();
    if (!parser.write(chunk)) await once(parser, 'drain', { signal: failed });
  }
  const finished = once(parser, 'finish', { signal: failed });
  parser.end();
  await finished;
}

function openParser(request: IncomingMessage, contentType: string): BusboyInstance {
  const limits = { fieldSize: LONGEST_FIELD, fields: MOST_FIELDS, files: 1, headerPairs: 100 };
  try {
    return new Busboy({ headers: { ...request.headers, 'content-type': contentType }, limits });
  } catch {
    throw badRequest('The form has no boundary in its Content-Type.');
  }
}
