/** What a feed reads: the records of one tenant, or of a set of tenants. */
import type { Access, Caller } from '../access/access.ts';
import type { FoundRecord } from '../query/found-record.ts';
import { publicRecord, type PublicRecord } from '../query/public-record.ts';
import type { RecordMember } from '../records/members.ts';
import { ensureValid, oldestBeginning } from './arrival-life.ts';
import { arrivalsEnd, type ArrivalPosition, type ArrivalSequence } from './arrival-sequence.ts';
import type { FeedQuery } from './feed-query.ts';
import { feedBeginning, feedEnd, isBefore, type FeedPosition } from './landing-sequence.ts';
import { readArrivals } from './read-arrivals.ts';
import { readFeed } from './read-feed.ts';
import type { FeedDeps } from './read-landings.ts';
import type { TriggerStates } from './trigger-state.ts';

export interface FeedSource<Position, Shown> {
  /** Undefined for a set. */
  readonly tenantId: string | undefined;
  /** Before all records; of a set, before those that arrived in the last 60 days. */
  readonly beginning: Position;
  /** After all records. */
  end(): Promise<Position>;
  seal(position: Position): string;
  /** @throws RequestError 400 InvalidTriggerState; of a set, also TriggerStateExpired */
  open(triggerState: string): Position;
  /** @throws when storage fails, or a raw blob is damaged */
  read(position: Position, query: FeedQuery): Promise<FeedPart<Position>>;
  /** A record that was read. */
  show(record: FoundRecord, select: readonly RecordMember[] | undefined): Shown;
}

interface FeedPart<Position> {
  readonly records: readonly FoundRecord[];
  /** After everything that was read. */
  readonly position: Position;
  /** False when everything available has been read. */
  readonly more: boolean;
}

export interface TenantFeedDeps extends FeedDeps {
  readonly triggerStates: TriggerStates;
}

/** For a caller who may read the tenant. */
export function feedOfTenant(deps: TenantFeedDeps, tenantId: string): FeedSource<FeedPosition, PublicRecord> {
  return {
    tenantId,
    beginning: feedBeginning,
    end: () => feedEnd(deps.landings, tenantId),
    seal: (position) => deps.triggerStates.seal(tenantId, position),
    open: (text) => deps.triggerStates.open(text, tenantId),
    async read(position, { filters, top: limit }) {
      const end = await feedEnd(deps.landings, tenantId);
      if (!isBefore(position, end)) return { records: [], position, more: false };
      return await readFeed(deps, { tenantId, filters, position, limit });
    },
    show: publicRecord,
  };
}

export interface SetFeedDeps extends TenantFeedDeps {
  readonly arrivals: ArrivalSequence;
  readonly access: Pick<Access, 'membersOf' | 'open'>;
}

/** A record of one of several tenants, as answers show it. */
export type RecordOfTenant = PublicRecord & {
  readonly tenantId: string;
  readonly tenantDisplayName: string;
};

/**
 * The records of those tenants that are in the set, and that the caller may read, whenever it is read. The access log
 * names those that records came from.
 * @param tenants a set, as `canonicalSet` writes it
 */
export function feedOfSet(
  deps: SetFeedDeps,
  caller: Caller,
  tenants: string,
): FeedSource<ArrivalPosition, RecordOfTenant> {
  const names = new Map<string, string>();
  const memberNamed = deps.access.membersOf(caller, { tenants, scope: 'records.read' });
  const belongs = async (tenantId: string): Promise<boolean> => {
    const member = await memberNamed(tenantId);
    if (member !== undefined) names.set(tenantId, member.displayName);
    return member !== undefined;
  };
  return {
    tenantId: undefined,
    beginning: oldestBeginning(deps.now()),
    end: () => arrivalsEnd(deps.arrivals, deps.now()),
    seal: (position) => deps.triggerStates.sealOfSet(position),
    open: (text) => ensureValid(deps.triggerStates.openOfSet(text), deps.now()),
    async read(position, { filters, top: limit }) {
      const batch = await readArrivals(deps, { filters, position, limit, belongs });
      const ids = batch.records.map(({ tenantId }) => tenantId);
      deps.access.open(caller, ids);
      return batch;
    },
    show: (record, select) => ({
      tenantId: record.tenantId,
      tenantDisplayName: names.get(record.tenantId) ?? '',
      ...publicRecord(record, select),
    }),
  };
}
