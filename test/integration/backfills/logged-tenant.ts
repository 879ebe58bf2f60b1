/** A tenant of the simulator of whose records the feed delivers some, and Microsoft's search shows all that are older. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Simulator } from '../../simulator/simulator.ts';
import { generateRecords } from '../../simulator/synthetic-records.ts';
import { dayMs } from '../../support/clock.ts';

/** Collection begins this long before a backfill: the feed delivers more than the seven days before it. */
export const collectedMs = 8 * dayMs;
/** The feed delivers records for so long. */
const feedMs = 6 * dayMs;
/** Before collection; the records are of a part of this time. */
export const searchedMs = 40 * dayMs;

export interface LoggedTenant {
  readonly tenantId: string;
  /** When collection begins. */
  readonly begun: Date;
  /** As delivered; most of these records are older than collection, so that the search shows them as well. */
  readonly ofFeed: readonly string[];
  /** Of records that only the search has, all from before collection. */
  readonly searchOnly: readonly string[];
}

export interface Log {
  readonly count: number;
  readonly seed: number;
  readonly begun: Date;
}

const timed = z.looseObject({ CreationTime: z.string() });

/** Adds it to the simulator, consented and with auditing on. */
export function simulatedTenant(
  simulator: Pick<Simulator, 'addTenant'>,
  { begun, ...log }: Log,
): LoggedTenant {
  const tenantId = randomUUID();
  const all = [...generateRecords({ ...log, tenantId, now: new Date(begun.getTime() + feedMs) })];
  const isOld = (text: string) => timed.parse(JSON.parse(text)).CreationTime < begun.toISOString();
  const isSearchOnly = all.map(({ text }, at) => at % 5 >= 2 && isOld(text));
  const records = all.filter((_, at) => isSearchOnly[at] !== true);
  const searchOnly = all.filter((_, at) => isSearchOnly[at] === true).map(({ text }) => text);
  simulator.addTenant({
    ...{ tenantId, displayName: 'Fabrikam', domain: `${tenantId}.example`, auditingEnabled: true },
    ...{ records, searchOnly, exactCopies: true },
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
  return { tenantId, begun, ofFeed: records.map(({ text }) => text), searchOnly };
}
