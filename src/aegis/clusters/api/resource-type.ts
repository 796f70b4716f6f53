/** A kind of objects that a cluster serves, at one of its versions. */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural, as in paths: `deployments`. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** What the server lets be done with it, such as `list`. */
  readonly verbs: readonly string[];
}

/** As in an object: `v1`, `apps/v1`. */
export const apiVersionOf = ({ group, version }: Pick<ResourceType, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

/** As people and archives name it: `pods`, `deployments.apps`. */
export const resourceNameOf = ({ group, resource }: Pick<ResourceType, 'group' | 'resource'>): string =>
  group === '' ? resource : `${resource}.${group}`;

/** All objects of a type, or those of one namespace. */
export interface CollectionTarget {
  readonly type: Pick<ResourceType, 'group' | 'version' | 'resource'>;
  readonly namespace?: string;
}

/** One object, or a part of it. */
export interface ObjectTarget extends CollectionTarget {
  readonly name: string;
  /** Such as `status`. */
  readonly subresource?: string;
}

/** The path on the API server. Names of RBAC objects may hold what a path may not. */
export function pathOf(target: CollectionTarget | ObjectTarget): string {
  const { type, namespace } = target;
  const root = type.group === '' ? ['api', type.version] : ['apis', type.group, type.version];
  const scope = namespace === undefined ? [] : ['namespaces', namespace];
  const object =
    'name' in target ? [target.name, ...(target.subresource === undefined ? [] : [target.subresource])] : [];
  return [...root, ...scope, type.resource, ...object].map((part) => `/${encodeURIComponent(part)}`).join('');
}
