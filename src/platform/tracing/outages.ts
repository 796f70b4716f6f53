import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import type { Logger } from 'pino';

interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void;
}

/** Logs once when the endpoint is lost and once when it is back: the exporter itself says nothing, or too much. */
export function tellOutages<Items>(exporter: Exporter<Items>, what: string, log: Logger): void {
  const send = exporter.export.bind(exporter);
  let lost = false;
  exporter.export = (items, done) =>
    send(items, (result) => {
      const failed = result.code !== ExportResultCode.SUCCESS;
      if (failed && !lost) log.warn({ err: result.error }, `OpenTelemetry ${what} cannot be sent; they are dropped`);
      if (!failed && lost) log.info(`OpenTelemetry ${what} are sent again`);
      lost = failed;
      done(result);
    });
}
