/** What each line of a file of several tenants begins with. */

export interface NamedTenant {
  readonly tenantId: string;
  readonly displayName: string;
}

/** In their order; names of columns and of members. */
export const tenantColumns = ['tenantId', 'tenantDisplayName'] as const;

export function tenantCells({ tenantId, displayName }: NamedTenant): readonly string[] {
  return [tenantId, displayName];
}
