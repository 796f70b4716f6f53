/** In the order of their rights: each may do what the ones before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who makes a management call. */
export interface Principal {
  readonly keyId: string;
  readonly name: string;
  readonly role: Role;
  /** Names of contexts; null is all of them. */
  readonly modules: readonly string[] | null;
}

export const mayAct = (principal: Principal, role: Role, module: string): boolean =>
  roles.indexOf(principal.role) >= roles.indexOf(role) &&
  (principal.modules === null || principal.modules.includes(module));

/** Whether somebody may make or revoke a key for these modules: nobody hands out more than they have. */
export const mayGrant = (principal: Principal, modules: readonly string[] | null): boolean =>
  principal.modules === null ||
  (modules !== null && modules.every((module) => principal.modules?.includes(module) === true));
