/** Keys of the table `Findings`: each finding has two rows of equal columns, one among all, one among those of its tenant. */
import { invertedTime } from '../../index/keys.ts';
import { timeOfId } from '../../timed-id.ts';

export const findingTable = 'Findings';
/** All rows: only within a partition do both rows of a finding change together. */
export const findingPartition = 'findings';
const allPrefix = 'all_';

/** Of the rows of one tenant, or of all. */
export function findingPrefix(tenantId: string | undefined): string {
  return tenantId === undefined ? allPrefix : `of_${tenantId}_`;
}

/** Newest first after the prefix. */
export function findingKey(tenantId: string | undefined, findingId: string): string {
  return `${findingPrefix(tenantId)}${invertedTime(timeOfId(findingId))}_${findingId}`;
}

/** Sorts before the findings made at a moment, and after those made later. */
export function findingKeyAt(tenantId: string | undefined, moment: Date): string {
  return findingPrefix(tenantId) + invertedTime(moment);
}

/** The key of the row among all, from that among those of its tenant. */
export function findingKeyFoundBy(rowKey: string, tenantId: string): string {
  return allPrefix + rowKey.slice(findingPrefix(tenantId).length);
}
