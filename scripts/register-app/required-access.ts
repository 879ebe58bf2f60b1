/** Compares the permissions that a registration requests with those that the product uses. */
import type { ResourceAccess, ServicePrincipal } from './graph-objects.ts';
import { wantedApis } from './permissions.ts';

/** The APIs' service principals in the publisher's tenant, by client ID; a missing one does not exist yet. */
export type Apis = ReadonlyMap<string, ServicePrincipal>;

interface AccessPlan {
  /** What changes, in words. */
  readonly texts: readonly string[];
  readonly requiredResourceAccess: readonly ResourceAccess[];
}

/** Requests exactly what is used; an optional permission that is requested already remains. */
export function planAccess(current: readonly ResourceAccess[], apis: Apis, dlp: boolean): AccessPlan {
  const plans = wantedApis.map((wanted) => {
    const api = apis.get(wanted.appId);
    const ids = idsOf(current, wanted.appId);
    const optional = wanted.optional.filter((value) => dlp || ids.includes(`Role ${roleId(api, value)}`));
    const permissions = [...wanted.permissions, ...optional];
    const access = permissions.map((value) => ({ id: roleId(api, value), type: 'Role' }));
    const added = permissions.filter((value) => !ids.includes(`Role ${roleId(api, value)}`));
    const removed = ids.filter((id) => !access.some((one) => id === `${one.type} ${one.id}`));
    const texts = [
      ...added.map((value) => `request ${value} of ${wanted.name}`),
      ...removed.map((id) => `no longer request ${nameOf(api, id)} of ${wanted.name}, which is not used`),
    ];
    return { texts, access: { resourceAppId: wanted.appId, resourceAccess: access } };
  });
  const foreign = current.filter(({ resourceAppId }) => !isWanted(resourceAppId));
  return {
    texts: [
      ...plans.flatMap(({ texts }) => texts),
      ...foreign.map(
        ({ resourceAppId }) => `no longer request anything of ${resourceAppId}, which is not used`,
      ),
    ],
    requiredResourceAccess: plans.map(({ access }) => access),
  };
}

function isWanted(appId: string): boolean {
  return wantedApis.some((api) => api.appId === appId);
}

/** E.g. `Role 594c…`: distinguishes permissions of applications from those of people. */
function idsOf(current: readonly ResourceAccess[], appId: string): readonly string[] {
  return current
    .filter(({ resourceAppId }) => resourceAppId === appId)
    .flatMap(({ resourceAccess }) => resourceAccess.map(({ id, type }) => `${type} ${id}`));
}

/** Empty where the API does not exist yet. */
function roleId(api: ServicePrincipal | undefined, value: string): string {
  return api?.appRoles.find((role) => role.value === value)?.id ?? '';
}

function nameOf(api: ServicePrincipal | undefined, typeAndId: string): string {
  const id = typeAndId.split(' ')[1] ?? '';
  return api?.appRoles.find((role) => role.id === id)?.value ?? `the delegated permission ${id}`;
}
