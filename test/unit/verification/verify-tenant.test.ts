/** A tenant verified by the operation: whatever was removed or altered is named, and killed runs continue. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ChainLink } from '../../../shared/evidence/chain.ts';
import { resultOf } from '../../../shared/operations/operation-result.ts';
import { runOperation } from '../../../shared/operations/run-operation.ts';
import { publicVerification } from '../../../shared/verification/public-verification.ts';
import { startVerification } from '../../../shared/verification/start-verification.ts';
import { verificationKind, type Verification } from '../../../shared/verification/verification.ts';
import { verificationWork } from '../../../shared/verification/verification-work.ts';
import { createClock, hourMs, secondMs } from '../../support/clock.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { createFaults, type Faults } from '../../support/faults.ts';
import { tenantNamed } from '../../support/tenants.ts';
import {
  createVerificationWorld,
  recordText,
  tenantId,
  type VerificationWorld,
} from './verification-world.ts';

let world: VerificationWorld;
let landings: string[];

beforeEach(async () => {
  world = createVerificationWorld();
  landings = [];
  for (let at = 0; at < 5; at++)
    landings.push(
      await world.deliver([{ name: `blob-${at}`, texts: [recordText(2 * at), recordText(2 * at + 1)] }]),
    );
});

function createOperations() {
  const clock = createClock(new Date('2026-03-12T00:00:00Z'));
  const verifications = createFakeOperationStore(verificationKind);
  const queues = createFakeWorkQueues();
  const tenants = createFakeTenantStore([{ ...tenantNamed('Contoso'), tenantId }]);
  const { telemetry } = createRecordingTelemetry();
  const deps = { ...world.deps, verifications, queues, tenants, telemetry, now: clock.now };
  /** Handles messages until none is left. */
  async function settle(budgetMs: number, faults: Faults = createFaults()): Promise<number> {
    let handled = 0;
    for (let next = queues.operations[0]; next !== undefined; next = queues.operations[handled]) {
      const alive = { ...deps, verifications: faults.inject('verifications', verifications) };
      const budget = clock.startBudget(budgetMs);
      await runOperation(deps, verificationWork(alive), { message: next.message, budget });
      handled++;
    }
    return handled;
  }
  return {
    ...{ deps, clock, queues, settle, verifications },
    async verify(wanted: Partial<Parameters<typeof startVerification>[1]> = {}, budgetMs = hourMs) {
      const { id } = await startVerification(deps, { tenantId, createdBy: 'key-1', ...wanted });
      const runs = await settle(budgetMs);
      const one = await verifications.get({ tenantId, id });
      if (one === undefined) throw new Error('It is kept.');
      return { one, runs, found: found(one) };
    },
  };
}

const found = ({ state }: Verification) => state.listed.map(({ kind }) => kind);

describe('an untouched tenant', () => {
  it('agrees, and the answer says what was compared', async () => {
    const { one } = await createOperations().verify();
    expect(publicVerification(one)).toMatchObject({
      ...{ status: 'Succeeded', mode: 'full', landingCount: 5, comparedCount: 5, pendingCount: 0 },
      ...{ recordCount: 10, indexRowCount: 50, linkCount: 5, differenceCount: 0, differenceKinds: [] },
    });
  });

  it.each([
    ['that has nothing', () => (world = createVerificationWorld()), {}],
    ['in a range without a landing', () => world, { to: new Date('2026-03-01T00:00:00Z') }],
  ])('%s proves nothing, and the answer says so', async (_what, setUp, wanted) => {
    setUp();
    const { one } = await createOperations().verify(wanted);
    expect(publicVerification(one)).toMatchObject({
      ...{ status: 'Failed', errorCode: 'NothingToVerify', landingCount: 0, differenceCount: 0 },
    });
    expect(resultOf(verificationKind, one)).toMatchObject({
      ...{ status: 422, error: { code: 'VerificationFailed', details: [{ code: 'NothingToVerify' }] } },
    });
  });

  it('agrees while landings wait for the indexer, which are counted', async () => {
    await world.land([{ name: 'pending', texts: [recordText(99)] }]);
    const { one } = await createOperations().verify();
    expect(publicVerification(one)).toMatchObject({ pendingCount: 1, differenceCount: 0 });
  });
});

describe('landings', () => {
  it('without their raw blob are named, in a sample as well', async () => {
    const { listed } = world.raw;
    world.deps.rawNames = {
      ...listed,
      names: async (...args) =>
        (await listed.names(...args)).filter((name) => !name.includes(landings[2] ?? '-')),
    };
    const { one } = await createOperations().verify({ mode: 'sample', sampleSize: 1 });
    expect(one.state.listed).toMatchObject([
      { kind: 'rawBlobMissing', landingId: landings[2], detail: '2 records' },
    ]);
  });

  it('are sampled by a seed, again the same', async () => {
    const operations = createOperations();
    const counts = new Set<number>();
    for (const seed of ['a', 'a', 'a', 'b', 'c', 'd', 'e'])
      counts.add((await operations.verify({ mode: 'sample', sampleSize: 2, seed })).one.state.records);
    expect(counts.size).toBeGreaterThan(1);
    const of = async (seed: string) =>
      (await operations.verify({ mode: 'sample', sampleSize: 2, seed })).one.state.records;
    expect(await of('a')).toBe(await of('a'));
  });

  it('are those of a half-open range', async () => {
    const rows = await world.landings.rows(tenantId, { from: '0', to: ':', limit: 10 });
    const [from, to] = [rows[1]?.landedAt, rows[3]?.landedAt];
    const { one } = await createOperations().verify({ from, to });
    expect(one.state.landings).toBe(2);
  });

  it('that landed in the last 15 minutes are left out', async () => {
    const operations = createOperations();
    const rows = await world.landings.rows(tenantId, { from: '0', to: ':', limit: 10 });
    const last = rows.at(-1)?.landedAt.getTime() ?? 0;
    operations.clock.set(new Date(last + 15 * 60_000));
    expect((await operations.verify()).one.state.landings).toBe(4);
  });
});

describe('the chain', () => {
  const withLinks = (change: (links: readonly ChainLink[]) => readonly ChainLink[]) => {
    const { landings: store } = world;
    world.deps.chain = {
      ...world.landings,
      links: async (tenant, from, limit) =>
        change(await store.links(tenant, 1, 1000))
          .filter(({ number }) => number >= from)
          .slice(0, limit),
    };
  };

  it('is named where a link is missing', async () => {
    withLinks((links) => links.filter(({ number }) => number !== 3));
    const { one } = await createOperations().verify();
    expect(one.state.counts).toEqual({ linkMissing: 2 });
    expect(one.state.listed[0]).toMatchObject({ kind: 'linkMissing', link: 3 });
  });

  it('is named where a link was altered', async () => {
    withLinks((links) => links.map((link) => (link.number === 3 ? { ...link, records: 1 } : link)));
    const { one } = await createOperations().verify();
    expect(one.state.counts).toEqual({ linkDiffers: 1, landingRowDiffers: 1 });
  });

  it('is named where a link was made again with the rest left as it was', async () => {
    withLinks((links) => links.map((link) => (link.number === 3 ? { ...link, hash: 'f'.repeat(64) } : link)));
    const { one } = await createOperations().verify();
    expect(one.state.counts).toEqual({ linkDiffers: 2 });
  });

  it('is named where its end was cut off', async () => {
    withLinks((links) => links.filter(({ number }) => number < 5));
    const { one } = await createOperations().verify();
    expect(one.state.counts).toEqual({ headDiffers: 1, linkMissing: 1 });
  });

  it('names a landing that was removed everywhere else', async () => {
    const removed = landings[2] ?? '';
    const { landings: store } = world;
    world.deps.landingRows = {
      ...world.landings,
      rows: async (...args) => (await store.rows(...args)).filter(({ landingId }) => landingId !== removed),
      async *ids(tenant) {
        for await (const some of store.ids(tenant)) yield some.filter((id) => id !== removed);
      },
    };
    world.deps.rawNames = { ...world.raw.listed, days: () => Promise.resolve([]) };
    const { one } = await createOperations().verify();
    expect(one.state.listed).toContainEqual(
      expect.objectContaining({ kind: 'landingRowMissing', landingId: removed, link: 3 }),
    );
    expect(one.state.listed).toContainEqual(
      expect.objectContaining({ kind: 'landingMissing', landingId: removed }),
    );
  });
});

describe('the ledger', () => {
  it('names every landing when all of them are gone, and those before the first that is left', async () => {
    for (const left of [[], landings.slice(3)]) {
      const { landings: store } = world;
      world.deps.landingRows = {
        ...store,
        rows: async (...args) =>
          (await store.rows(...args)).filter(({ landingId }) => left.includes(landingId)),
        async *ids(tenant) {
          for await (const some of store.ids(tenant)) yield some.filter((id) => left.includes(id));
        },
      };
      const operations = createOperations();
      operations.clock.set(new Date('2026-06-01T00:00:00Z'));
      const { one } = await operations.verify();
      expect(one.state.counts.landingMissing).toBe(5 - left.length);
    }
  });
});

describe('runs', () => {
  it('end with their budget, and the next one continues', async () => {
    const whole = await createOperations().verify();
    const { runs, one } = await createOperations().verify({}, 0);
    expect(runs).toBeGreaterThan(5);
    expect(one.state).toEqual(whole.one.state);
  });

  it('that are killed lose nothing and count nothing twice', async () => {
    world.damage.row = (row) => (row.rowKey.endsWith('x') ? row : undefined);
    const { one: whole } = await createOperations().verify();
    for (const kill of ['crashBefore', 'crashAfter'] as const)
      for (let at = 0; at < 8; at++) {
        const operations = createOperations();
        const { id } = await startVerification(operations.deps, { tenantId, createdBy: 'key-1' });
        const faults = createFaults((_step, index) => (index === at ? kill : undefined));
        await operations.settle(0, faults).catch(() => undefined);
        operations.clock.advance(secondMs);
        await operations.settle(0);
        const one = await operations.verifications.get({ tenantId, id });
        expect([kill, at, one?.status, one?.state]).toEqual([kill, at, 'Succeeded', whole.state]);
      }
  });
});
