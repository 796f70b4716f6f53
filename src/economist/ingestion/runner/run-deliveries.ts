import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/errors/app-error.js';
import { instant } from '../../../platform/time.js';
import { economistErrors } from '../../economist.errors.js';
import { ConfiguredSources } from '../../sources/configured-sources.js';
import type { Delivery, SourceTools } from '../../sources/cost-source.js';
import type { SourceRow } from '../../sources/source.entity.js';
import { ImportFiles } from '../imports/import-files.js';
import type { RunRow } from '../runs/run.entity.js';
import { runRequest } from '../runs/run-request.js';

const MOST_DELIVERIES = 10_000;

/** What a run is to bring in. */
@Injectable()
export class RunDeliveries {
  constructor(
    @Inject(ConfiguredSources) private readonly configured: ConfiguredSources,
    @Inject(ImportFiles) private readonly files: ImportFiles,
  ) {}

  /** All of them, before the first is read: how far a run is can be told only against the whole. */
  async list(run: RunRow, source: SourceRow, tools: SourceTools): Promise<readonly Delivery[]> {
    const request = runRequest.parse(run.request);
    if (request.kind !== 'window') return [await this.files.open(request, source, tools)];
    const window = { from: instant(Date.parse(request.from)), to: instant(Date.parse(request.to)) };
    const opened = await this.configured.open(source);
    const deliveries: Delivery[] = [];
    for await (const delivery of opened.deliveries(window, tools)) {
      deliveries.push(delivery);
      if (deliveries.length > MOST_DELIVERIES) {
        const message = `There are more than ${MOST_DELIVERIES} deliveries in that time. Sync shorter periods.`;
        throw new AppError(economistErrors.fileOutOfBounds, message);
      }
    }
    return deliveries;
  }
}
