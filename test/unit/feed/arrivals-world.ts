/** Landings of several tenants on several hosts, which end at any step, and readers of all of them. */
import { createArrivalAnnouncer, type ArrivalAnnouncer } from '../../../shared/feed/announce-arrivals.ts';
import {
  arrivalsBeginning,
  arrivalsEnd,
  type ArrivalPosition,
} from '../../../shared/feed/arrival-sequence.ts';
import { nextSequence, type SequencedLanding } from '../../../shared/feed/landing-sequence.ts';
import {
  readArrivals,
  type ArrivalsDeps,
  type ArrivalsQuestion,
} from '../../../shared/feed/read-arrivals.ts';
import { landingNumber } from '../../../shared/index/claim-records.ts';
import type { Claim } from '../../../shared/index/record-index.ts';
import { createClock } from '../../support/clock.ts';
import { createFakeArrivalLog } from '../../support/fakes/arrival-log.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { Crash, createFaults, type Fault } from '../../support/faults.ts';
import { guidOf, rawBlobOf, textOf } from '../../support/feed-world.ts';

export interface LandedRecords {
  readonly tenantId: string;
  readonly landingId: string;
  readonly blobName: string;
  readonly ids: readonly string[];
}

interface Host {
  readonly announcer: ArrivalAnnouncer;
  readonly clockOffsetMs: number;
}

const noFault = (): Fault => undefined;

/** @param turn before each step of storage */
export function createArrivalsWorld(turn: () => Promise<unknown> = () => Promise.resolve()) {
  const [clock, telemetry, log] = [createClock(), createRecordingTelemetry(), createFakeArrivalLog()];
  const [raw, claims] = [createFakeRawStore(), new Map<string, Claim>()];
  const sequences = new Map<string, SequencedLanding[]>();
  const sequenceOf = (tenantId: string) => {
    const sequence = sequences.get(tenantId) ?? [];
    sequences.set(tenantId, sequence);
    return sequence;
  };
  const slow = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          await turn();
          return (await Reflect.apply(member, target, args)) as unknown;
        };
      },
    });
  const deps: ArrivalsDeps = {
    arrivals: slow(log),
    landings: slow({
      sequenced: async (tenantId: string, from: number, limit: number) =>
        await Promise.resolve(
          sequenceOf(tenantId)
            .filter(({ sequence }) => sequence >= from)
            .slice(0, limit),
        ),
      lastSequence: async (tenantId: string) =>
        await Promise.resolve(sequenceOf(tenantId).at(-1)?.sequence ?? 0),
    }),
    raw,
    index: {
      readClaims: async (_tenantId, ids) =>
        await Promise.resolve(new Map(ids.flatMap((id) => (claims.has(id) ? [[id, claimOf(id)]] : [])))),
    },
    names: createFakeNameDirectory(),
    telemetry: telemetry.telemetry,
    now: clock.now,
  };
  const claimOf = (id: string): Claim => {
    const claim = claims.get(id);
    if (claim === undefined) throw new Error(`${id} is not claimed.`);
    return claim;
  };
  const idsOf = new Map<string, readonly string[]>();
  let landed = 0;
  /** In the raw container; nothing is indexed. */
  const land = async (tenantId: string, records = 1): Promise<LandedRecords> => {
    clock.advance(1);
    const ids = Array.from({ length: records }, () => guidOf(`record ${++landed}`));
    const texts = ids.map((id) => textOf({ id }));
    const { request, body, metadata } = rawBlobOf(tenantId, texts, clock.now());
    await raw.put(request.blobName, body, metadata);
    const { landingId, blobName } = request;
    const claim = { inverted: '1', landing: landingNumber(landingId), content: 1n };
    idsOf.set(landingId, ids);
    for (const [line, id] of ids.entries()) claims.set(id, { ...claim, id, line });
    return { tenantId, landingId, blobName, ids };
  };
  /** As the transaction that ends indexing does: a landing has one number. */
  const close = ({ tenantId, landingId, blobName, ids }: LandedRecords, offsetMs = 0): number => {
    const sequence = sequenceOf(tenantId);
    const known = sequence.find((numbered) => numbered.landingId === landingId);
    if (known !== undefined) return known.sequence;
    const now = new Date(clock.now().getTime() + offsetMs);
    const number = nextSequence(sequence.at(-1)?.sequence, now);
    sequence.push({ sequence: number, landingId, blobName, indexed: ids.length });
    return number;
  };
  const startHost = (clockOffsetMs = 0, faultAt: (index: number) => Fault = noFault): Host => {
    const faults = createFaults((_step, index) => faultAt(index));
    const now = () => new Date(clock.now().getTime() + clockOffsetMs);
    const arrivals = faults.inject('arrivals', slow(log));
    return { clockOffsetMs, announcer: createArrivalAnnouncer({ arrivals, now }) };
  };
  /** Indexes and announces on a host. @throws Crash */
  const index = async ({ announcer, clockOffsetMs }: Host, landing: LandedRecords): Promise<void> => {
    await turn();
    const sequence = close(landing, clockOffsetMs);
    await announcer.announce(landing.tenantId, sequence);
  };
  const openReader = (position: ArrivalPosition, asked: Partial<ArrivalsQuestion> = {}) => {
    const ids: string[] = [];
    let at = position;
    const belongs = () => Promise.resolve(true);
    const poll = async (): Promise<boolean> => {
      const question = { filters: {}, limit: 2, belongs, ...asked, position: at };
      const batch = await readArrivals(deps, question);
      ids.push(...batch.records.map(({ id }) => id));
      at = batch.position;
      return batch.more;
    };
    const toEnd = async () => {
      while (await poll());
      return ids;
    };
    return { ids, poll, toEnd, position: () => at };
  };
  return {
    ...{ clock, log, raw, deps, telemetry, land, close, startHost, index, openReader },
    ingest: async (host: Host, tenantId: string, records = 1): Promise<LandedRecords> => {
      const landing = await land(tenantId, records);
      await index(host, landing);
      return landing;
    },
    fromBeginning: () => openReader(arrivalsBeginning),
    fromNow: async () => openReader(await arrivalsEnd(log, clock.now())),
    /** Of a tenant, in the order of its landings' numbers. */
    idsInOrder: (tenantId: string): readonly string[] =>
      sequenceOf(tenantId).flatMap(({ landingId }) => idsOf.get(landingId) ?? []),
    /** What a purge deletes, in its order. */
    deleteClaims: (tenantId: string) => {
      for (const { landingId } of sequenceOf(tenantId))
        for (const id of idsOf.get(landingId) ?? []) claims.delete(id);
    },
    deleteLandings: (tenantId: string) => {
      sequenceOf(tenantId).length = 0;
    },
  };
}

/** Undefined when the host ended. */
export async function unlessCrashed<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Crash) return undefined;
    throw error;
  }
}

export type ArrivalsWorld = ReturnType<typeof createArrivalsWorld>;
