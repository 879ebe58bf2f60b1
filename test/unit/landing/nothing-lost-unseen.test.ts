/** Whatever fails between landing and indexing: a record is found, or completeness does not claim it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentBlob } from '../../../shared/activity/activity-feed.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import type { IndexRequest, PollRequest } from '../../../shared/landing/work-queues.ts';
import { runPollRequest } from '../../../shared/landing/poll-tenants.ts';
import { reconcileTenants } from '../../../shared/landing/reconcile.ts';
import { derivedId, parseRecord } from '../../../shared/records/audit-record.ts';
import { recordOfRow } from '../../../shared/query/found-record.ts';
import { readCompleteness } from '../../../shared/query/completeness.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults, failNext, type Faults } from '../../support/faults.ts';
import { createPollWorld } from '../../support/poll-world.ts';

const maxDeliveries = 5;

/** Polls, a queue that delivers at least once and gives up after five times, and an index. */
function createWorld() {
  const world = createPollWorld();
  const { clock, tenant, queues, raw, landings, telemetry } = world;
  const { tenantId } = tenant;
  const index = createFakeRecordIndex();
  const tenants = createFakeTenantStore([tenant]);
  const published: ContentBlob[] = [];
  let handled = 0;
  const attempt = async (request: IndexRequest, faults: Faults): Promise<boolean> => {
    const deps = {
      ...{ raw, landings: faults.inject('landings', landings), index: faults.inject('index', index) },
      ...{ telemetry: telemetry.telemetry, concurrency: 2 },
    };
    return await indexLanding(deps, request).then(
      () => true,
      () => false,
    );
  };
  const deliver = async (faults: () => Faults = createFaults) => {
    for (; handled < queues.indexRequests.length; handled++) {
      const request = queues.indexRequests[handled];
      if (request === undefined) return;
      let done = false;
      for (let delivery = 0; !done && delivery < maxDeliveries; delivery++)
        done = await attempt(request, faults());
    }
  };
  const found = async () => {
    const scan = { dimension: 'time', after: '', before: '~', where: [], withTexts: false } as const;
    const months = await index.months(tenantId);
    const pages = months.map((month) => index.scan(tenantId, { ...scan, month, pageSize: 1000 }));
    const rows = (await Promise.all(pages)).flatMap((page) => page.rows);
    return new Set(rows.map((row) => recordOfRow(row, tenantId).id));
  };
  return {
    ...world,
    deliver,
    publish: (name: string) => published.push(world.publish(name, { ago: 0 })),
    poll: async (faults = createFaults(), reason: PollRequest['reason'] = 'registered') => {
      const deps = { ...world.depsOf(faults), tenants, tenantConcurrency: 1, ceilingMs: hourMs };
      const request = { version: 1, tenantId, reason } as const;
      await runPollRequest(deps, request, clock.startBudget(minuteMs)).catch(() => undefined);
      // Longer than a lease, which a host that was killed leaves behind.
      clock.advance(10 * minuteMs);
    },
    reconcile: () => reconcileTenants({ ...world.depsOf(createFaults()), tenants }),
    /** All records of content that completeness claims are found. */
    async expectHonesty(): Promise<void> {
      const stored = await tenants.get(tenantId);
      if (stored === undefined) throw new Error('The tenant is gone.');
      const { completeThrough } = await readCompleteness(world, stored);
      const claimed = published.filter(
        ({ contentCreated }) => completeThrough !== undefined && contentCreated < completeThrough,
      );
      const ids = claimed.flatMap(({ contentId }) => world.expected.get(contentId) ?? []).map(idOf);
      const here = await found();
      expect(ids.filter((id) => !here.has(id))).toEqual([]);
    },
    async expectAll(): Promise<void> {
      expect((await found()).size).toBe([...world.expected.values()].flat().length);
    },
  };
}

/** Their own IDs are not GUIDs. */
const idOf = (text: string) => derivedId(parseRecord(Buffer.from(text)).contentHash);

const away = new Error('Storage is away.');
const broken = () => createFaults((step) => (step === 'index.writeRows' ? away : undefined));

describe('a landing whose indexing fails for good', () => {
  it.each(['landings.open', 'queues.requestIndexing', 'ledger.settle', 'ledger.advance'])(
    'after %s failed: its records are not claimed until they are found',
    async (step) => {
      const world = createWorld();
      for (let at = 0; at < 4; at++) world.publish(`mail-${at}`);
      world.clock.advance(hourMs);
      await world.poll(failNext(step, away));
      await world.deliver(broken);
      await world.expectHonesty();
      world.clock.advance(5 * minuteMs);
      await world.poll();
      await world.deliver();
      await world.expectHonesty();
      world.clock.advance(dayMs);
      await world.reconcile();
      await world.poll(createFaults(), 'reconcile');
      await world.deliver();
      await world.expectHonesty();
      await world.expectAll();
    },
  );

  it('is not claimed while its poison message waits, nor after that expired, and is then indexed', async () => {
    const world = createWorld();
    world.publish('mail');
    world.clock.advance(hourMs);
    await world.poll();
    await world.deliver(broken);
    // Its only message was moved, and does not return: the poison queue may lose it.
    for (let day = 0; day < 10; day++) {
      world.clock.advance(dayMs);
      await world.poll();
      await world.expectHonesty();
      expect(await world.landings.unindexed(world.tenant.tenantId)).toHaveLength(1);
    }
    await world.reconcile();
    await world.deliver();
    await world.expectAll();
    await world.expectHonesty();
  });

  it('is not claimed from the moment at which the host was killed, before or after any step', async () => {
    for (const step of [
      'raw.put',
      'landings.open',
      'queues.requestIndexing',
      'ledger.settle',
      'ledger.advance',
    ])
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const world = createWorld();
        world.publish('mail');
        world.clock.advance(hourMs);
        await world.poll(createFaults((name) => (name === step ? fault : undefined)));
        await world.expectHonesty();
        await world.poll();
        await world.expectHonesty();
        await world.deliver();
        await world.expectAll();
        await world.expectHonesty();
      }
  });

  it('whatever else fails, and in whatever order: likewise', async () => {
    const steps = ['raw.put', 'landings.open', 'queues.requestIndexing', 'ledger.settle', 'ledger.advance'];
    const move = fc.oneof(
      fc.record({ kind: fc.constant('poll' as const), step: fc.constantFrom(...steps, undefined) }),
      fc.record({ kind: fc.constant('deliver' as const), breaks: fc.boolean() }),
      fc.record({ kind: fc.constant('reconcile' as const) }),
      fc.record({ kind: fc.constant('publish' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) => {
        const world = createWorld();
        world.publish('first');
        for (const [at, one] of moves.entries()) {
          world.clock.advance(minuteMs);
          if (one.kind === 'poll')
            await world.poll(one.step === undefined ? createFaults() : failNext(one.step, away));
          else if (one.kind === 'deliver') await world.deliver(one.breaks ? broken : createFaults);
          else if (one.kind === 'reconcile') await world.reconcile();
          else world.publish(`mail-${at}`);
          if (one.kind !== 'publish') await world.expectHonesty();
        }
        world.clock.advance(dayMs);
        await world.reconcile();
        await world.poll(createFaults(), 'reconcile');
        await world.deliver();
        await world.expectAll();
        await world.expectHonesty();
      }),
      { numRuns: 60 },
    );
  });
});
