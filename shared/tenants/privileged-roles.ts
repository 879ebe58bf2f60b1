/**
 * Directory roles that can take over a tenant, or much of it.
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
import { globalAdministrator } from './role-holders.ts';

export interface PrivilegedRole {
  /** As requests name it. */
  readonly key: string;
  /** Role template id: the same in every tenant. */
  readonly id: string;
  readonly name: string;
  /** Other names in records: of earlier years, and those of directory objects. */
  readonly alsoCalled?: readonly string[];
}

export const privilegedRoles: readonly PrivilegedRole[] = [
  {
    key: 'globalAdministrator',
    id: globalAdministrator,
    name: 'Global Administrator',
    alsoCalled: ['Company Administrator', 'TenantAdmins'],
  },
];
