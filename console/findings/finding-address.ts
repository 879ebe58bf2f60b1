/** Where findings and their records are in the console. */
import type { Around } from '../search/pivots.ts';
import { searchAddress } from '../search/search-state.ts';
import type { Finding } from './finding-texts.ts';

/** Messages of channels have the same address. */
export function findingAddress({ tenantId, id }: Pick<Finding, 'tenantId' | 'id'>): string {
  return `/console/findings/${tenantId}/${id}`;
}

const minuteMs = 60_000;

/** The tenant, from a minute before the first record to a minute after the last one. */
export function aroundFinding({ tenantId, firstDateTime, lastDateTime }: Finding): Around {
  const [first, last] = [new Date(firstDateTime).getTime(), new Date(lastDateTime).getTime()];
  const from = new Date(first - minuteMs).toISOString();
  return { tenants: [tenantId], range: 'custom', from, to: new Date(last + minuteMs).toISOString() };
}

/** The search around a finding, in which one of its records is open. */
export function recordAddress(finding: Finding, recordId: string): string {
  return searchAddress({ ...aroundFinding(finding), record: `${finding.tenantId}/${recordId}` });
}
