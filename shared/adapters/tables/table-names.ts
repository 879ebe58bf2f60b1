/** All table names there are: the deployment makes the fixed ones, the app those of a tenant. */
import type { TenantTable } from '../../index/keys.ts';

/** Their partition keys begin with the id of the tenant whose rows they are: these go when it is purged. */
export const tablesByTenant = [
  'Checkpoints',
  'Cursors',
  'DeadLetters',
  'Gaps',
  'Landings',
  'Ledger',
  'MonthLayouts',
  'PoisonMessages',
  'Postures',
  'RoleHolders',
  'Searches',
  'WatchStates',
  'WebhookSubscriptions',
] as const;

/** Those that also have partitions of what belongs to several tenants. @see ownerOfSet */
export const tablesByOwner = [
  'Searches',
  'WebhookSubscriptions',
] as const satisfies (typeof tablesByTenant)[number][];

/** The infrastructure names the same (checked by its tests). */
export const fixedTables = [
  ...tablesByTenant,
  'AccessLog',
  'ApiKeys',
  'Arrivals',
  'ChannelDeliveries',
  'Channels',
  'Consents',
  'Destinations',
  'Findings',
  'LegalHolds',
  'Operations',
  'PageTokens',
  'Repeats',
  'ReportSchedules',
  'Tenants',
  'Watches',
  'Webhooks',
] as const;

export type FixedTable = (typeof fixedTables)[number];

/** A name that does not exist does not compile. */
export type TableName = FixedTable | TenantTable;

export function isTenantTable(name: string): name is TenantTable {
  return name.startsWith('audit');
}
