import { Inject, Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { CONFIG } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import type { Call } from './call.js';
import { decodeBody, isPlain } from './content-coding.js';
import { Dispatch, type Received } from './dispatch.js';
import type { Operation } from './operation.js';

/** Takes in requests whose bodies have been read, and undoes their content coding where they have one. */
@Injectable()
export class Reception {
  constructor(
    @Inject(Dispatch) private readonly dispatch: Dispatch,
    @Inject(CONFIG) private readonly config: CerebraConfig,
  ) {}

  /** Never throws; answers on `raw`, now or later. */
  take(operation: Operation, call: Call, received: Received, raw: ServerResponse): void {
    const coding = received.headers['content-encoding'];
    if (coding === undefined || isPlain(coding)) this.dispatch.serve(operation, call, received, raw);
    else void this.#decode(coding, operation, call, received, raw);
  }

  async #decode(coding: string, operation: Operation, call: Call, received: Received, raw: ServerResponse) {
    const decoded = await decodeBody(received.body, coding, this.config.maxBodyBytes);
    if (Buffer.isBuffer(decoded)) this.dispatch.serve(operation, call, { ...received, body: decoded }, raw);
    else this.dispatch.refuse(operation.dialect, call, decoded, raw);
  }
}
