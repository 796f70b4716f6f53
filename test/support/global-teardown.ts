/** Stops what the set-up started, if it did. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.stopTestPostgres?.();
  const { tellLeftOut } = await import('./missing.js');
  tellLeftOut();
}
