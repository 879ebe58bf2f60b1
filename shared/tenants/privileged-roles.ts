/**
 * Directory roles that can take over a tenant, or much of it.
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */

/** Role template id of Global Administrator. */
export const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';

/** Role template id of Exchange Administrator. */
export const exchangeAdministrator = '29232cdf-9323-42fd-ade2-1d097af3e4de';

export interface PrivilegedRole {
  /** As requests name it. */
  readonly key: string;
  /** Role template id: the same in every tenant. */
  readonly id: string;
  readonly name: string;
  /** Other names in records: of earlier years, and those of directory objects. */
  readonly alsoCalled?: readonly string[];
}

/** Those whose holders snapshots have. */
export const privilegedRoles: readonly PrivilegedRole[] = [
  {
    key: 'globalAdministrator',
    id: globalAdministrator,
    name: 'Global Administrator',
    alsoCalled: ['Company Administrator', 'TenantAdmins'],
  },
  {
    key: 'privilegedRoleAdministrator',
    id: 'e8611ab8-c189-46e8-94e1-60213ab1f814',
    name: 'Privileged Role Administrator',
  },
  {
    key: 'privilegedAuthenticationAdministrator',
    id: '7be44c8a-adaf-4e2a-84d6-ab2649e08a13',
    name: 'Privileged Authentication Administrator',
  },
  {
    key: 'securityAdministrator',
    id: '194ae4cb-b126-40b2-bd5b-6091b380977d',
    name: 'Security Administrator',
  },
  {
    key: 'exchangeAdministrator',
    id: exchangeAdministrator,
    name: 'Exchange Administrator',
    alsoCalled: ['Exchange Service Administrator'],
  },
  {
    key: 'sharePointAdministrator',
    id: 'f28a1f50-f6e7-4571-818b-6a12f2af6b6c',
    name: 'SharePoint Administrator',
    alsoCalled: ['SharePoint Service Administrator'],
  },
  {
    key: 'userAdministrator',
    id: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
    name: 'User Administrator',
    alsoCalled: ['User Account Administrator'],
  },
  {
    key: 'authenticationAdministrator',
    id: 'c4e39bd9-1100-46d3-8c65-fb160da0071f',
    name: 'Authentication Administrator',
  },
  {
    key: 'applicationAdministrator',
    id: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
    name: 'Application Administrator',
  },
  {
    key: 'cloudApplicationAdministrator',
    id: '158c047a-c907-4556-b7ef-446551a6b5f7',
    name: 'Cloud Application Administrator',
  },
  {
    key: 'conditionalAccessAdministrator',
    id: 'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9',
    name: 'Conditional Access Administrator',
  },
  {
    key: 'complianceAdministrator',
    id: '17315797-102d-40b4-93e0-432062caca18',
    name: 'Compliance Administrator',
  },
  {
    key: 'hybridIdentityAdministrator',
    id: '8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2',
    name: 'Hybrid Identity Administrator',
  },
  {
    key: 'intuneAdministrator',
    id: '3a2c62db-5318-420d-8d74-23affee5d9d5',
    name: 'Intune Administrator',
    alsoCalled: ['Intune Service Administrator'],
  },
  {
    key: 'domainNameAdministrator',
    id: '8329153b-31d0-4727-b945-745eb3bc5f31',
    name: 'Domain Name Administrator',
  },
];
