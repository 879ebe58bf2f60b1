/** All table names there are: the deployment makes the fixed ones, the app those of a tenant. */
import type { TenantTable } from '../../index/keys.ts';

/** In the order of the alphabet; the infrastructure names the same (checked by its tests). */
export const fixedTables = [
  'AccessLog',
  'ApiKeys',
  'Checkpoints',
  'Consents',
  'Enablements',
  'Exports',
  'Gaps',
  'Landings',
  'Ledger',
  'Postures',
  'Removals',
  'Repeats',
  'RoleHolders',
  'Searches',
  'Tenants',
  'WebhookSubscriptions',
  'Webhooks',
] as const;

export type FixedTable = (typeof fixedTables)[number];

/** A name that does not exist does not compile. */
export type TableName = FixedTable | TenantTable;

export function isTenantTable(name: string): name is TenantTable {
  return name.startsWith('audit');
}
