/** Arrivals in memory, with versions as storage has them. */
import { createArrivalAnnouncer, type ArrivalAnnouncer } from '../../../shared/feed/announce-arrivals.ts';
import type { Arrival } from '../../../shared/feed/arrival-sequence.ts';
import type { AnnouncedTenant, ArrivalCounter, ArrivalLog } from '../../../shared/feed/arrival-log.ts';

export interface FakeArrivalLog extends ArrivalLog {
  /** All, in order. */
  readonly all: () => readonly Arrival[];
  /** As a purge of the tenant does. */
  readonly purge: (tenantId: string) => void;
}

const expiredAtOnce = 10;

export function createFakeArrivalLog(): FakeArrivalLog {
  let versions = 0;
  let newest: ArrivalCounter | undefined;
  let entries: readonly Arrival[] = [];
  const tenants = new Map<string, AnnouncedTenant>();
  const nextVersion = () => String(++versions);
  return {
    all: () => entries,
    purge: (tenantId) => {
      entries = entries.filter((arrival) => arrival.tenantId !== tenantId);
      tenants.delete(tenantId);
    },
    newest: async () => await Promise.resolve(newest),
    lastArrival: async () => await Promise.resolve(newest?.number ?? 0),
    arrivals: async (from, limit) =>
      await Promise.resolve(entries.filter(({ number }) => number >= from).slice(0, limit)),
    announced: async (tenantId) => await Promise.resolve(tenants.get(tenantId)),
    announcedAll: async function* () {
      yield await Promise.resolve([...tenants].map(([tenantId, { through }]) => ({ tenantId, through })));
    },
    append: async (expected, added) => {
      await Promise.resolve();
      const isSame =
        newest?.version === expected?.version &&
        added.every(({ arrival, before }) => tenants.get(arrival.tenantId)?.version === before?.version);
      if (!isSame) return undefined;
      newest = { number: added.at(-1)?.arrival.number ?? 0, version: nextVersion() };
      entries = [...entries, ...added.map(({ arrival }) => arrival)];
      const written = added.map(({ arrival: { tenantId, through } }) => {
        const tenant = { through, version: nextVersion() };
        tenants.set(tenantId, tenant);
        return tenant;
      });
      return { newest, tenants: written };
    },
    expire: async function* (before) {
      const old = entries.filter(({ number }) => number < before);
      for (let at = 0; at < old.length; at += expiredAtOnce) {
        const gone = new Set(old.slice(at, at + expiredAtOnce));
        entries = entries.filter((arrival) => !gone.has(arrival));
        yield await Promise.resolve(2 * gone.size);
      }
    },
  };
}

/** Of a host of its own, over arrivals that a test does not read. */
export function createFakeAnnouncer(arrivals: ArrivalLog = createFakeArrivalLog()): ArrivalAnnouncer {
  return createArrivalAnnouncer({ arrivals, now: () => new Date(1) });
}
