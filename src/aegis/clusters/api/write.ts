import type { ExchangeRequest } from './exchange.js';
import type { Refusal } from './refusal.js';
import { pathOf, type CollectionTarget, type ObjectTarget } from './resource-type.js';

interface WriteOptions {
  /** Everything happens but the storing: defaults, validation, admission. */
  readonly dryRun?: boolean;
  /** Who the server notes as the owner of the fields. */
  readonly fieldManager?: string;
}

export interface CreateObject extends WriteOptions {
  readonly verb: 'create';
  readonly target: CollectionTarget | ObjectTarget;
  /** JSON. */
  readonly body: string | Uint8Array;
}

export interface ReplaceObject extends WriteOptions {
  readonly verb: 'update';
  readonly target: ObjectTarget;
  /** JSON; with a `resourceVersion` it is refused once the object has changed. */
  readonly body: string | Uint8Array;
}

export interface PatchObject extends WriteOptions {
  readonly verb: 'patch';
  readonly target: ObjectTarget;
  /** `apply` is server-side apply, which needs a field manager; `strategic` is known to built-in kinds only. */
  readonly patch: 'merge' | 'json' | 'strategic' | 'apply';
  /** With `apply`: take over fields that others own. */
  readonly force?: boolean;
  readonly body: string | Uint8Array;
}

export interface DeleteObject extends WriteOptions {
  readonly verb: 'delete';
  readonly target: ObjectTarget;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  /** Only this very object, not one of the same name. */
  readonly uid?: string;
}

export type KubeWrite = CreateObject | ReplaceObject | PatchObject | DeleteObject;

export type WriteOutcome =
  | { readonly kind: 'done'; readonly status: number; readonly body: Buffer }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** No answer came: it may have been done or not. Look before asking again. */
  | { readonly kind: 'unknown'; readonly why: string };

const CONTENT_TYPES = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  // JSON is YAML.
  apply: 'application/apply-patch+yaml',
} as const;

const METHODS = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const;

export function requestOf(write: KubeWrite): ExchangeRequest {
  const query = new URLSearchParams({
    ...(write.dryRun === true ? { dryRun: 'All' } : {}),
    ...(write.fieldManager === undefined ? {} : { fieldManager: write.fieldManager }),
    ...(write.verb === 'patch' && write.force === true ? { force: 'true' } : {}),
  }).toString();
  return {
    method: METHODS[write.verb],
    path: pathOf(write.target) + (query === '' ? '' : `?${query}`),
    headers: { 'content-type': write.verb === 'patch' ? CONTENT_TYPES[write.patch] : 'application/json' },
    body: write.verb === 'delete' ? deleteOptionsOf(write) : write.body,
  };
}

/** Whether doing it twice comes to the same as once. A second replace is a conflict, a second creation a duplicate. */
export function isRepeatable(write: KubeWrite): boolean {
  if (write.dryRun === true || write.verb === 'delete') return true;
  return write.verb === 'patch' && (write.patch === 'apply' || write.patch === 'merge');
}

const deleteOptionsOf = ({ propagation, uid }: DeleteObject): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: propagation ?? 'Background',
    preconditions: uid === undefined ? undefined : { uid },
  });
