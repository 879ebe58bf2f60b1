/** The promises about the deletion of a tenant's data, kept on real storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ownerOfSet } from '../../shared/access/owner.ts';
import { createSegmentFiles } from '../../shared/adapters/blobs/segment-files.ts';
import { createMonthLayoutStore } from '../../shared/adapters/tables/month-layout-store.ts';
import { createOperationStore } from '../../shared/adapters/tables/operation-store.ts';
import { createLegalHoldStore } from '../../shared/adapters/tables/legal-hold-store.ts';
import { fixedTables } from '../../shared/adapters/tables/table-names.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import { createTenantData } from '../../shared/adapters/tenant-data.ts';
import { startBudget } from '../../shared/budget.ts';
import { removalKind } from '../../shared/offboarding/removal.ts';
import { removalWork } from '../../shared/offboarding/removal-work.ts';
import { startRemoval } from '../../shared/offboarding/start-removal.ts';
import { runOperation } from '../../shared/operations/run-operation.ts';
import { createFakeFeed } from '../support/fakes/activity-feed.ts';
import { createFakeWorkQueues } from '../support/fakes/work-queues.ts';
import { startImmutabilityPolicy } from '../support/immutability-policy.ts';
import { lockedOut, useStorage } from './storage.ts';
import { readEverything, storeTenant, type StoredThing } from './stored-tenant.ts';

const storage = useStorage();
const few = { contentsADay: 3, rawBlobs: 2 };
const nothing = { blobs: 0, tables: 0, rows: 0 };
const unlimited = new AbortController().signal;
const spent = AbortSignal.abort();
const whole = { retainedBlobs: 0, finished: true };

const openData = () => createTenantData(storage(), createTables(storage()));

/** Ids that are adjacent in every sort order. */
function adjacentIds(): readonly [string, string] {
  const id = randomUUID();
  return [`${id.slice(0, -1)}7`, `${id.slice(0, -1)}8`];
}

function names(tenantId: string): (thing: StoredThing) => boolean {
  const ids = [tenantId, tenantId.replaceAll('-', ''), ownerOfSet(tenantId)];
  return ({ text }) => ids.some((id) => text.toLowerCase().includes(id));
}

const placesOf = (things: readonly StoredThing[]) => new Set(things.map(({ where }) => where));

describe('a purge', () => {
  it('deletes everything of one tenant, and nothing of another', async () => {
    const [tenantId, otherId] = adjacentIds();
    const stored = await storeTenant(storage(), tenantId, { contentsADay: 420, rawBlobs: 25 });
    await storeTenant(storage(), otherId, few);
    const before = await readEverything(storage());
    const purged = await openData().purge(tenantId, unlimited);
    expect(purged).toMatchObject({ ...whole, deleted: stored });
    for (const kind of ['blobs', 'tables', 'rows'] as const) {
      const counts = purged.places.filter((place) => place.kind === kind).map(({ count }) => count);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(stored[kind]);
    }
    const places = ['MonthLayouts', 'raw', 'rejected', 'exports', 'uploads', 'segments', 'index', 'Ledger'];
    expect(purged.places.map(({ place }) => place)).toEqual(expect.arrayContaining(places));
    const after = await readEverything(storage());
    expect(placesOf(after.filter(names(tenantId)))).toEqual(
      new Set(['Tenants', 'AccessLog', 'LegalHolds', 'Operations']),
    );
    expect(after.filter(names(otherId))).toEqual(before.filter(names(otherId)));
    const operations = after.filter(names(tenantId)).filter(({ where }) => where === 'Operations');
    expect(operations.map(({ text }) => text.includes('"kind":"removals"'))).toEqual([true, true]);
    expect(after.filter((thing) => !names(tenantId)(thing))).toEqual(
      before.filter((thing) => !names(tenantId)(thing)),
    );
  });

  it('finds nothing the second time, and nothing for an unknown tenant', async () => {
    const tenantId = randomUUID();
    await storeTenant(storage(), tenantId, few);
    await openData().purge(tenantId, unlimited);
    expect(await openData().purge(tenantId, unlimited)).toEqual({ ...whole, deleted: nothing, places: [] });
    expect(await openData().purge(randomUUID(), unlimited)).toEqual({
      ...whole,
      deleted: nothing,
      places: [],
    });
  });

  it('stops when its budget is spent, reports that, and continues where it stopped', async () => {
    const tenantId = randomUUID();
    const stored = await storeTenant(storage(), tenantId, { contentsADay: 400, rawBlobs: 3 });
    const deleted = { ...nothing };
    let rounds = 0;
    for (let finished = false; !finished; rounds++) {
      const round = await openData().purge(tenantId, spent);
      for (const kind of ['blobs', 'tables', 'rows'] as const) deleted[kind] += round.deleted[kind];
      finished = round.finished;
    }
    expect(rounds).toBeGreaterThan(12);
    expect(deleted).toEqual(stored);
  });

  it('forgets first where old months are: a layout that names deleted files would fail every query', async () => {
    const tenantId = randomUUID();
    await storeTenant(storage(), tenantId, few);
    const layouts = createMonthLayoutStore(createTables(storage()));
    expect(await layouts.list(tenantId)).toHaveLength(1);
    await openData().purge(tenantId, spent);
    expect(await layouts.list(tenantId)).toEqual([]);
    expect(await createSegmentFiles(storage()).names(`tenant=${tenantId}/`)).toHaveLength(1);
  });

  it('is not disturbed by another one at the same time', async () => {
    const tenantId = randomUUID();
    await storeTenant(storage(), tenantId, { contentsADay: 150, rawBlobs: 40 });
    const rounds = await Promise.all([1, 2, 3].map(() => openData().purge(tenantId, unlimited)));
    expect(rounds.every(({ finished }) => finished)).toBe(true);
    const left = (await readEverything(storage())).filter(names(tenantId));
    expect(placesOf(left)).toEqual(new Set(['Tenants', 'AccessLog', 'LegalHolds', 'Operations']));
  });

  it('leaves what an immutability policy retains, counts it, and deletes it once the policy allows', async () => {
    const tenantId = randomUUID();
    const stored = await storeTenant(storage(), tenantId, { contentsADay: 3, rawBlobs: 5 });
    const policy = await startImmutabilityPolicy(storage(), (path) => path.includes('/raw/tenant='));
    const data = createTenantData(policy.settings, createTables(policy.settings));
    const first = await data.purge(tenantId, unlimited);
    expect(first.retainedBlobs).toBe(5);
    expect(first).toMatchObject({ finished: true, deleted: { ...stored, blobs: stored.blobs - 5 } });
    expect(await data.purge(tenantId, unlimited)).toEqual({
      ...{ deleted: nothing, places: [] },
      retainedBlobs: 5,
      finished: true,
    });
    policy.end();
    expect(await data.purge(tenantId, unlimited)).toMatchObject({
      ...{ ...whole, deleted: { ...nothing, blobs: 5 } },
    });
    await policy.stop();
  });

  it('reads no page after one that an immutability policy retains completely', async () => {
    const tenantId = randomUUID();
    await storeTenant(storage(), tenantId, { contentsADay: 3, rawBlobs: 7 });
    const policy = await startImmutabilityPolicy(storage(), (path) => path.includes('/raw/tenant='));
    const data = createTenantData(policy.settings, createTables(policy.settings), 2);
    expect(await data.purge(tenantId, unlimited)).toMatchObject({ retainedBlobs: 7, finished: true });
    expect(policy.refusals()).toBe(2);
    policy.end();
    expect(await data.purge(tenantId, unlimited)).toMatchObject({
      ...{ ...whole, deleted: { ...nothing, blobs: 7 } },
    });
    await policy.stop();
  });

  it('fails when storage is unreachable, as finding nothing then proves nothing', async () => {
    const settings = lockedOut(storage());
    const data = createTenantData(settings, createTables(settings));
    await expect(data.purge(randomUUID(), unlimited)).rejects.toThrow();
  });
});

describe('a removal that purges', () => {
  it('keeps the access log and itself', async () => {
    const [tenantId, otherId] = adjacentIds();
    await storeTenant(storage(), tenantId, few);
    await storeTenant(storage(), otherId, few);
    const before = (await readEverything(storage())).filter(names(otherId));
    const tables = createTables(storage());
    const now = () => new Date();
    const queues = createFakeWorkQueues();
    const deps = {
      tenants: createTenantStore(tables),
      removals: createOperationStore(tables, removalKind),
      tenantData: openData(),
      legalHolds: createLegalHoldStore(tables),
      ...{ feed: createFakeFeed(now, ['Audit.Exchange']), queues, telemetry: () => undefined, now },
      ...{ startBudget, removalSettleMs: 0, purgeDelayMs: 0 },
    };
    const { id } = await startRemoval(deps, { tenantId, purge: true, createdBy: 'key-1' });
    // Messages sent meanwhile come at the end.
    for (const { message } of queues.operations)
      await runOperation(deps, removalWork(deps), { message, budget: startBudget(60_000) });
    expect(await deps.removals.get({ id })).toMatchObject({ status: 'Succeeded' });
    const after = await readEverything(storage());
    expect(placesOf(after.filter(names(tenantId)))).toEqual(
      new Set(['AccessLog', 'LegalHolds', 'Operations']),
    );
    expect(after.filter(names(otherId))).toEqual(before);
  });
});

describe('the tables of the product', () => {
  it('are all filled by this suite: add a new table here, with what a purge does with it', async () => {
    await storeTenant(storage(), randomUUID(), few);
    const filled = placesOf(await readEverything(storage()));
    expect(fixedTables.filter((table) => !filled.has(table))).toEqual([]);
  });
});
