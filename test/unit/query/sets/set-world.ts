/** Tenants with records in memory, and the pages of a set of them. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { invertedTime, monthOf } from '../../../../shared/index/keys.ts';
import { recordRows } from '../../../../shared/index/rows.ts';
import type { Completeness } from '../../../../shared/query/completeness.ts';
import type { RecordIndex } from '../../../../shared/index/record-index.ts';
import type { RecordFilters } from '../../../../shared/query/filters.ts';
import { listRecordsOfSet, type SetPage } from '../../../../shared/query/sets/list-records-of-set.ts';
import { emptyClaim, type SetPosition } from '../../../../shared/query/sets/set-position.ts';
import type { SetQuery } from '../../../../shared/query/sets/set-reading.ts';
import { createSetTokens } from '../../../../shared/query/sets/set-token.ts';
import type { PageLimits } from '../../../../shared/query/reading/budget.ts';
import type { StoredTenant } from '../../../../shared/tenants/tenant.ts';
import { createFakeRawStore } from '../../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../../support/fakes/record-index.ts';
import { tenantNamed } from '../../../support/tenants.ts';
import { guidOf, placeRecord } from '../../index/placed-records.ts';

export const now = new Date('2026-03-10T12:00:00Z');

export interface MadeRecord {
  readonly tenant: number;
  readonly id: number;
  readonly time: Date;
  readonly user: string;
  readonly landedAt?: Date;
}

export interface Shown {
  readonly tenantId: string;
  readonly id: string;
}

export const tenantIdOf = (tenant: number) => guidOf(1_000_000 + tenant);

const complete: Completeness = {
  completeThrough: new Date('2026-03-10T11:00:00Z'),
  contentTypes: [],
  open: [],
  gaps: [],
  unindexedLandings: 0,
  recordsIndexing: 0,
};

export interface WorldOptions {
  readonly pageLimits?: Partial<PageLimits> | undefined;
  /** Rows that storage returns at once at most. */
  readonly rowsAtOnce?: number;
  readonly completenessOf?: (tenant: number) => Partial<Completeness>;
}

export function createSetWorld(tenants: number, options: WorldOptions = {}) {
  const index = createFakeRecordIndex();
  const { rowsAtOnce = 1000, completenessOf = () => ({}) } = options;
  const removed = new Set<string>();
  const counts = { scans: 0, completeness: 0 };
  const counted: RecordIndex = {
    ...index,
    scan: (tenant, scan) => {
      counts.scans++;
      return index.scan(tenant, { ...scan, pageSize: Math.min(rowsAtOnce, scan.pageSize) });
    },
  };
  const known = new Map<string, StoredTenant>(
    Array.from({ length: tenants }, (_, at) => {
      const tenantId = tenantIdOf(at);
      const stored = { etag: '', leasedUntil: undefined };
      return [tenantId, { ...tenantNamed(`Tenant ${at}`, { tenantId }), ...stored }];
    }),
  );
  const numbers = new Map([...known.keys()].map((id, at) => [id, at]));
  const deps = {
    index: counted,
    raw: createFakeRawStore(),
    now: () => now,
    pageLimits: options.pageLimits,
    completeness: (tenant: StoredTenant) => {
      counts.completeness++;
      return Promise.resolve({ ...complete, ...completenessOf(numbers.get(tenant.tenantId) ?? 0) });
    },
    tenantOf: (id: string) => Promise.resolve(removed.has(id) ? undefined : known.get(id)),
  };
  const add = async (made: MadeRecord): Promise<void> => {
    const { tenant, id, time, user, landedAt } = made;
    const placed = placeRecord(id, { Id: guidOf(id), CreationTime: time.toISOString(), UserId: user });
    const delivery = { ...placed.delivery, landedAt: landedAt ?? placed.delivery.landedAt };
    const tenantId = tenantIdOf(tenant);
    for (const { dimension, row } of recordRows({ ...placed, delivery }, { tenantId, blobName: 'b' }))
      await index.writeRows(tenantId, monthOf(time), dimension, [row]);
    await index.createClaims(tenantId, [
      { id: guidOf(id), inverted: invertedTime(time), landing: 1n, line: 0, content: 1n },
    ]);
  };
  return { deps, counts, add, remove: (tenant: number) => removed.add(tenantIdOf(tenant)), known };
}

export type SetWorld = ReturnType<typeof createSetWorld>;

/** As each link does: sealed and opened. */
export function carried(position: SetPosition): SetPosition {
  const tokens = createSetTokens([key], () => now);
  return tokens.open(tokens.seal(position, 'set', {}), 'set', {});
}
const key = randomBytes(32);

export function firstPosition(world: SetWorld): SetPosition {
  return { places: [...world.known.keys()].map((tenantId) => ({ tenantId })), claim: emptyClaim };
}

export interface AskedSet extends Partial<SetQuery> {
  readonly filters?: RecordFilters;
  readonly maxPages?: number;
  /** Called between two pages. */
  readonly between?: (page: number) => Promise<void> | void;
}

/** Follows the pages to the last one; fails if there are too many. */
export async function pagesOf(world: SetWorld, { maxPages = 500, between, ...asked }: AskedSet) {
  const query = {
    filters: {},
    toComplete: false,
    order: 'desc',
    top: 10,
    room: undefined,
    ...asked,
  } as const;
  const pages: SetPage[] = [];
  for (let position = firstPosition(world); ;) {
    const page: SetPage = await listRecordsOfSet(world.deps, query, position);
    pages.push(page);
    if (page.isLast) return pages;
    expect(pages.length, 'pages without an end').toBeLessThan(maxPages);
    await between?.(pages.length);
    position = carried(page.position);
  }
}

export function shown(pages: readonly SetPage[]): readonly Shown[] {
  return pages.flatMap(({ records }) => records.map(({ tenantId, id }) => ({ tenantId, id })));
}

/** Newest first, as plainly as possible. */
export function inOrder(records: readonly MadeRecord[]): readonly Shown[] {
  const all = records.map((made) => ({ made, tenantId: tenantIdOf(made.tenant), id: guidOf(made.id) }));
  const text = (one: (typeof all)[number]) => `${one.id} ${one.tenantId}`;
  return all
    .toSorted((a, b) => b.made.time.getTime() - a.made.time.getTime() || (text(a) < text(b) ? -1 : 1))
    .map(({ tenantId, id }) => ({ tenantId, id }));
}
