import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { Schedules } from '../jobs/schedules.js';
import { instant, type Instant } from '../time.js';
import { SETTINGS } from '../tokens.js';
import { AuditLog } from './audit-log.js';

/** Off the hour, when everybody else's jobs run. */
const HOURLY = '41 * * * *';
const DAY_MS = 86_400_000;
/** In one statement: none holds its locks for long. */
const AT_ONCE = 5_000;

/** Forgets what the audit log holds for longer than `OCO_AUDIT_RETENTION_DAYS`. */
@Injectable()
export class AuditRetention implements OnModuleInit {
  constructor(
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(Schedules) private readonly schedules: Schedules,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    const run = (slot: Instant, signal: AbortSignal): Promise<void> => this.run(slot, signal);
    this.schedules.add({ name: 'audit-log.retention', cron: HOURLY, run });
  }

  async run(now: Instant, signal: AbortSignal): Promise<void> {
    const before = instant(now - this.settings.auditRetentionDays * DAY_MS);
    while (!signal.aborted && (await this.audit.forget(before, AT_ONCE)) === AT_ONCE);
  }
}
