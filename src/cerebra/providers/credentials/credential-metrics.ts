import { Inject, Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

/** How often a provider refused a key, and the call was made again with another. */
@Injectable()
export class CredentialMetrics {
  private readonly retries = new Counter({
    name: 'cerebra_credential_retries_total',
    help: 'Calls that were made again with another key of their provider, by the status that the first was answered with.',
    labelNames: ['provider', 'status'],
    registers: [],
  });

  constructor(@Inject(Registry) registry: Registry) {
    registry.registerMetric(this.retries);
  }

  retried(provider: string, status: number): void {
    this.retries.inc({ provider, status });
  }
}
