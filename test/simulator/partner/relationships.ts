/** The partner whose application is simulated: its user's refresh token, and its relationships with customers. */

import type { Cell } from '../cell.ts';
import { createCell } from '../cell.ts';

/** Template IDs of the directory roles that decide here. */
export const partnerRoles = {
  cloudApplicationAdministrator: '158c047a-c907-4556-b7ef-446551a6b5f7',
  applicationAdministrator: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  privilegedRoleAdministrator: 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  globalAdministrator: '62e90394-69f5-4237-9190-012177145e10',
} as const;

interface PartnerUser {
  readonly refreshToken: string;
  /** What sign-in does with the refresh token. */
  readonly signIn: 'accepted' | 'expired' | 'mfaRequired';
  /** Partner Center refuses tokens without the proof of multifactor authentication. */
  readonly hasMfa: boolean;
}

export interface Relationship {
  /** Roles of the user in the customer's tenant; undefined without GDAP. */
  readonly roles: readonly string[] | undefined;
  /** Delegated permissions of Graph that were consented. */
  readonly scopes: readonly string[];
  /** Client IDs of Microsoft's APIs that have no service principal in the tenant yet. */
  readonly missingApis: readonly string[];
  /** Client IDs of APIs that the tenant has no license for: no service principal can be created. */
  readonly unlicensedApis: readonly string[];
}

export interface Partner {
  readonly user: Cell<PartnerUser>;
  /** Undefined for a tenant that is not a customer. */
  find(tenantId: string): Relationship | undefined;
  /** IDs of customers, in order. */
  customers(): readonly string[];
  /** Makes the tenant a customer, or changes the relationship with it. By default, the user has all roles. */
  relate(tenantId: string, change?: Partial<Relationship>): void;
}

/** Of the partner's user in the beginning. */
export const inventedRefreshToken = 'simulated.partner.refresh-token';

const begun: Relationship = {
  roles: [partnerRoles.cloudApplicationAdministrator, partnerRoles.privilegedRoleAdministrator],
  scopes: [],
  missingApis: [],
  unlicensedApis: [],
};

export const createPartner = (): Partner => {
  const user = createCell<PartnerUser>({
    refreshToken: inventedRefreshToken,
    signIn: 'accepted',
    hasMfa: true,
  });
  const relationships = new Map<string, Relationship>();
  const find = (tenantId: string): Relationship | undefined => relationships.get(tenantId.toLowerCase());
  return {
    user,
    find,
    customers: () => [...relationships.keys()].sort(),
    relate: (tenantId, change = {}) => {
      relationships.set(tenantId.toLowerCase(), { ...begun, ...find(tenantId), ...change });
    },
  };
};

const applicationRoles: readonly string[] = Object.values(partnerRoles);
const privilegedRoles: readonly string[] = [
  partnerRoles.privilegedRoleAdministrator,
  partnerRoles.globalAdministrator,
];

/** Whether the user may consent for applications, except for application permissions of Graph. */
export const managesApplications = ({ roles = [] }: Relationship): boolean =>
  roles.some((role) => applicationRoles.includes(role));

/** Whether the user may grant any permission, and assign roles. */
export const managesRoles = ({ roles = [] }: Relationship): boolean =>
  roles.some((role) => privilegedRoles.includes(role));
