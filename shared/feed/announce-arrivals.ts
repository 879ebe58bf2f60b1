/** Announces new landings to readers of many tenants. */
import { LRUCache } from 'lru-cache';
import type { Arrival } from './arrival-sequence.ts';
import {
  maxNewArrivals,
  type AnnouncedTenant,
  type ArrivalCounter,
  type ArrivalLog,
  type NewArrival,
} from './arrival-log.ts';
import { groupCalls } from './group-calls.ts';
import { nextSequence } from './landing-sequence.ts';

export interface ArrivalAnnouncer {
  /**
   * Announces a tenant's landings up to this number; those that are announced already are not announced again. Calls
   * while another one writes are written together.
   * @throws when storage fails: it is announced or not, and announcing it again is right
   */
  announce(tenantId: string, through: number): Promise<void>;
}

export interface AnnouncerDeps {
  readonly arrivals: ArrivalLog;
  readonly now: () => Date;
}

/** Each failed attempt was overtaken by another host. */
const maxAttempts = 100;
/** What this process wrote last of so many tenants: some megabytes. */
const knownTenants = 10_000;

/** What storage holds, unless another host has written since: a write with an older version has no effect. */
interface Known {
  newest: ArrivalCounter | undefined;
  readonly tenants: LRUCache<string, AnnouncedTenant>;
}

/** One write an announcement while no other host announces, and two reads more otherwise. */
export function createArrivalAnnouncer({ arrivals, now }: AnnouncerDeps): ArrivalAnnouncer {
  const known: Known = { newest: undefined, tenants: new LRUCache({ max: knownTenants }) };
  const announce = groupCalls<number>({
    maxKeys: maxNewArrivals,
    merge: (one, other) => Math.max(one, other),
    run: async (group) => {
      for (let attempt = 0; attempt < maxAttempts; attempt++)
        if (await announceOnce(arrivals, { known, group, now })) return;
      throw new Error('Could not announce landings: other hosts were faster each time.');
    },
  });
  return { announce };
}

interface Announcing {
  readonly known: Known;
  /** The newest number of each tenant. */
  readonly group: ReadonlyMap<string, number>;
  readonly now: () => Date;
}

/** False, with nothing written, when another host has written since. */
async function announceOnce(arrivals: ArrivalLog, { known, group, now }: Announcing): Promise<boolean> {
  const waiting = await Promise.all([...group].map((one) => waitingOf(arrivals, known, one)));
  const pending = waiting.filter(({ before, through }) => (before?.through ?? 0) < through);
  if (pending.length === 0) return true;
  const newest = known.newest ?? (await arrivals.newest());
  const added = numbered(pending, newest?.number, now());
  const written = await arrivals.append(newest, added);
  known.newest = written?.newest;
  for (const [at, { arrival }] of added.entries()) {
    const tenant = written?.tenants[at];
    if (tenant === undefined) known.tenants.delete(arrival.tenantId);
    else known.tenants.set(arrival.tenantId, tenant);
  }
  return written !== undefined;
}

interface Waiting {
  readonly tenantId: string;
  readonly through: number;
  readonly before: AnnouncedTenant | undefined;
}

/** That there is nothing to announce is never concluded from what is remembered: the tenant may have been purged since. */
async function waitingOf(
  arrivals: ArrivalLog,
  { tenants }: Known,
  [tenantId, through]: readonly [string, number],
): Promise<Waiting> {
  const remembered = tenants.get(tenantId);
  const isUsable = remembered !== undefined && remembered.through < through;
  return { tenantId, through, before: isUsable ? remembered : await arrivals.announced(tenantId) };
}

function numbered(waiting: readonly Waiting[], newest: number | undefined, now: Date): readonly NewArrival[] {
  let number = newest;
  return waiting.map(({ tenantId, through, before }) => {
    number = nextSequence(number, now);
    const arrival: Arrival = { number, tenantId, after: before?.through ?? 0, through };
    return { arrival, before };
  });
}
