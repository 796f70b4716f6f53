// What the host provides to every context's module, beside the classes
// `DataSource` (typeorm), `JobQueue`, `Schedules`, `SecretStore`, `AuditLog`, `HealthRegistry`, `Registry` (prom-client).

/** {@link Settings} of the process. */
export const SETTINGS = Symbol('SETTINGS');
/** {@link Connections}: where the engines are. */
export const CONNECTIONS = Symbol('CONNECTIONS');
/** The context's own frozen configuration. */
export const CONFIG = Symbol('CONFIG');
/** A pino `Logger`, named after the context. */
export const LOGGER = Symbol('LOGGER');
/** `Tracer | null` (OpenTelemetry): null where telemetry is off. */
export const TRACER = Symbol('TRACER');
/** {@link Clock}. */
export const CLOCK = Symbol('CLOCK');
