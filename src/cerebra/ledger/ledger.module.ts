import { Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Settings } from '../../platform/config/settings.js';
import type { Connections } from '../../platform/connections.js';
import { CONFIG, CONNECTIONS, LOGGER, SETTINGS } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import { Ledger } from './ledger.js';
import { LedgerHealth } from './ledger.health.js';
import { LedgerUpkeep } from './ledger.upkeep.js';
import { RequestsController } from './requests.controller.js';
import { RequestsRepository } from './requests.repository.js';
import { SpoolLedger } from './spool-ledger.js';

/** Every call that may have been billed, and the API that shows them. */
@Module({
  controllers: [RequestsController],
  providers: [
    {
      provide: SpoolLedger,
      inject: [SETTINGS, CONNECTIONS, CONFIG, LOGGER],
      useFactory: ({ dataDir }: Settings, { databaseUrl }: Connections, { ledgerSync }: CerebraConfig, log: Logger) =>
        new SpoolLedger({ dataDir, databaseUrl, sync: ledgerSync, log }),
    },
    { provide: Ledger, useExisting: SpoolLedger },
    LedgerHealth,
    LedgerUpkeep,
    RequestsRepository,
  ],
  exports: [Ledger, SpoolLedger],
})
export class LedgerModule {}
