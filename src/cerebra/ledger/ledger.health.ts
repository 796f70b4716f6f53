import { Inject, Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { HealthRegistry } from '../../platform/health/health-registry.js';
import { SpoolLedger } from './spool-ledger.js';

/** Shows how the ledger is doing, to Prometheus and on `/health`. */
@Injectable()
export class LedgerHealth {
  constructor(
    @Inject(SpoolLedger) ledger: SpoolLedger,
    @Inject(Registry) registry: Registry,
    @Inject(HealthRegistry) health: HealthRegistry,
  ) {
    const show = (name: string, help: string, read: () => number): Gauge =>
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    show('cerebra_ledger_queue', 'Bytes of the ledger on their way into PostgreSQL.', () => ledger.state.waitingBytes);
    show('cerebra_ledger_spool_bytes', 'Size of the spool on disk.', () => ledger.state.spoolBytes);
    show(
      'cerebra_ledger_lost_rows',
      'Rows that found no room or were refused since the start.',
      () => ledger.state.lostRows,
    );
    health.register({
      name: 'ledger_spool',
      // Without it calls go on, and a crash would lose the rows that wait in memory.
      requiredFor: 'health',
      check: async () => {
        if (!ledger.state.spoolWritable) throw new Error('The spool of the ledger cannot be written.');
      },
    });
  }
}
