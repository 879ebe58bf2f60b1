/** Keys of the table `Arrivals`. */
import { numberKey } from './landing-keys.ts';

export const arrivalTable = 'Arrivals';
/** All rows: only within a partition are numbers assigned together with what they number. */
export const arrivalPartition = 'arrivals';
/** Holds the newest number. */
export const newestArrivalKey = 'newest';
export const arrivalPrefix = 'entry_';
/** Sorts after all arrivals. */
export const afterArrivals = 'entry`';

export function arrivalKey(number: number): string {
  return arrivalPrefix + numberKey(number);
}

const announcedPrefix = 'tenant_';
/** Sorts after what is announced of all tenants. */
export const afterAnnounced = 'tenant`';

export function announcedKey(tenantId: string): string {
  return announcedPrefix + tenantId;
}

/** The inverse of {@link announcedKey}. */
export function announcedTenant(key: string): string {
  return key.slice(announcedPrefix.length);
}

export function arrivalOfTenantKey(tenantId: string, number: number): string {
  return arrivalOfTenantPrefix(tenantId) + numberKey(number);
}

export function arrivalOfTenantPrefix(tenantId: string): string {
  return `of_${tenantId}_`;
}
