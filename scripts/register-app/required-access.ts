/** Compares the permissions that a registration requests with those that the product uses. */
import type { ResourceAccess, ServicePrincipal } from './graph-objects.ts';
import { wantedApis, type PermissionOption } from '../../shared/tenants/permissions.ts';
import type { MemberPlan } from './work.ts';

/** The APIs' service principals in the publisher's tenant, by client ID; a missing one does not exist yet. */
export type Apis = ReadonlyMap<string, ServicePrincipal>;

/** Requests exactly what is used; an optional permission that is requested already remains. */
export function planAccess(
  current: readonly ResourceAccess[],
  apis: Apis,
  options: ReadonlySet<PermissionOption>,
): MemberPlan {
  const plans = wantedApis.map((wanted) => {
    const requested = current.filter(({ resourceAppId }) => resourceAppId === wanted.appId);
    return planApi(wanted, requested, apis.get(wanted.appId)?.appRoles ?? [], options);
  });
  const isUsed = ({ resourceAppId }: ResourceAccess) =>
    wantedApis.some(({ appId }) => appId === resourceAppId);
  const foreign = current.filter((api) => !isUsed(api));
  const unused = foreign.map(
    ({ resourceAppId }) => `no longer request anything of ${resourceAppId}, which is not used`,
  );
  return {
    texts: [...plans.flatMap(({ texts }) => texts), ...unused],
    value: plans.map(({ value }) => value),
  };
}

/** @param roles those that the API defines; none where it does not exist yet */
function planApi(
  { appId, name, permissions, optional }: (typeof wantedApis)[number],
  current: readonly ResourceAccess[],
  roles: ServicePrincipal['appRoles'],
  options: ReadonlySet<PermissionOption>,
): MemberPlan {
  const requested = current.flatMap(({ resourceAccess }) => resourceAccess);
  const toAccess = (value: string) => ({
    id: roles.find((role) => role.value === value)?.id ?? '',
    type: 'Role',
  });
  const isRequested = (value: string) => requested.some((one) => isSame(one, toAccess(value)));
  const also = optional.filter(({ permission, option }) => options.has(option) || isRequested(permission));
  const used = [...permissions, ...also.map(({ permission }) => permission)];
  const resourceAccess = used.map(toAccess);
  const unused = requested.filter((one) => !resourceAccess.some((access) => isSame(one, access)));
  const nameOf = (id: string) =>
    roles.find((role) => role.id === id)?.value ?? `the delegated permission ${id}`;
  return {
    texts: [
      ...used.filter((value) => !isRequested(value)).map((value) => `request ${value} of ${name}`),
      ...unused.map(({ id }) => `no longer request ${nameOf(id)} of ${name}, which is not used`),
    ],
    value: { resourceAppId: appId, resourceAccess },
  };
}

type Access = ResourceAccess['resourceAccess'][number];

function isSame(one: Access, other: Access): boolean {
  return one.id === other.id && one.type === other.type;
}
