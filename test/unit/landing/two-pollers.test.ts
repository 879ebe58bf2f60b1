/** Two hosts poll one tenant, as one of them took longer than its lease: what one of them landed stays landed. */
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { giveUpRejected } from '../../../shared/landing/decide-rejected.ts';
import { gapOf, type Ledger } from '../../../shared/landing/ledger.ts';
import { pollTenant } from '../../../shared/landing/poll-tenant.ts';
import { rejectedId } from '../../../shared/landing/rejected-content.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults } from '../../support/faults.ts';
import { createPollWorld, type PollWorld } from '../../support/poll-world.ts';

const gone = new UpstreamError('gone', 'AF20051', 'It has expired.');
const failure = new UpstreamError('retry', 'AF50000', 'It failed.');

const contestedId = 'contested$audit_exchange';

/** How a content blob is lost when the next attempt fails. */
const losses: Readonly<Record<string, (world: PollWorld) => Promise<void>>> = {
  'Microsoft said for an hour that it does not exist': async (world) => {
    const content = world.publish('contested', { ago: 3 * hourMs });
    const goneSince = new Date(world.clock.now().getTime() - 2 * hourMs);
    const open = {
      state: 'pending',
      attempts: 7,
      nextAttemptAt: world.clock.now(),
      code: 'AF20051',
    } as const;
    await world.ledger.defer(world.tenant.tenantId, [{ ...open, content, goneSince }]);
    world.feed.refuse('fetch', content.contentId, gone);
  },
  'its last fetch failed': async (world) => {
    const content = world.publish('contested', { ago: 3 * hourMs });
    const open = {
      state: 'pending',
      attempts: 7,
      nextAttemptAt: world.clock.now(),
      code: 'AF50000',
    } as const;
    await world.ledger.defer(world.tenant.tenantId, [{ ...open, content }]);
    world.clock.set(new Date(content.contentExpiration.getTime() - minuteMs));
    world.feed.refuse('fetch', content.contentId, failure);
  },
  'it was lost before, and its kept body has whole records': async (world) => {
    const content = world.publish('contested', { ago: 3 * hourMs });
    const { tenantId } = world.tenant;
    const at = world.clock.now();
    const receipt = { records: 0, bytes: 1, sha256: 'ab'.repeat(32), faults: 1, receivedAt: at };
    const why = { code: 'AF20051', receipt } as const;
    await world.ledger.recordGaps(tenantId, [
      gapOf(content, { ...why, reason: 'contentGone', recordedAt: at }),
    ]);
    await world.ledger.settle(tenantId, [{ ...why, content, state: 'gone', attempts: 7 }]);
    const open = { ...why, state: 'rejected', attempts: 8, nextAttemptAt: at, reopened: true } as const;
    await world.ledger.defer(tenantId, [{ ...open, content }]);
    world.feed.refuse('fetch', content.contentId, gone);
  },
};

type Step = 'known' | 'recordGaps' | 'settle' | 'closeGaps' | 'close';

/** Runs something else before the first call of a method. */
function interrupted(ledger: Ledger, step: Step, run: () => Promise<void>): Ledger {
  let left = 1;
  const at = async (reached: Step) => {
    if (reached === step && left-- > 0) await run();
  };
  return {
    ...ledger,
    known: (...args) => at('known').then(() => ledger.known(...args)),
    recordGaps: (...args) => at('recordGaps').then(() => ledger.recordGaps(...args)),
    settle: (...args) => at('settle').then(() => ledger.settle(...args)),
    closeGaps: (...args) => at('closeGaps').then(() => ledger.closeGaps(...args)),
    close: (...args) => at('close').then(() => ledger.close(...args)),
  };
}

async function pollInterrupted(world: PollWorld, step: Step, run: () => Promise<void>): Promise<void> {
  const deps = world.depsOf(createFaults());
  const ledger = interrupted(deps.ledger, step, run);
  await pollTenant({ ...deps, ledger }, world.tenant, { budget: world.clock.startBudget(hourMs) });
}

async function expectLanded({ ledger, tenant }: PollWorld): Promise<void> {
  expect(ledger.allSettled(tenant.tenantId).map(({ state }) => state)).toEqual(['landed']);
  expect(await ledger.gaps(tenant.tenantId)).toEqual([]);
}

/** Of the loser, from its listing to its end. */
const losing = ['known', 'recordGaps', 'settle', 'close'] as const;
const landing = ['closeGaps', 'settle', 'close'] as const;

describe.each(Object.entries(losses))('a content blob of which %s', (_why, lose) => {
  it.each(losing)(
    'stays landed when a host lands it before another, which lost it, does its %s',
    async (step) => {
      const world = createPollWorld();
      await lose(world);
      await pollInterrupted(world, step, async () => {
        world.feed.relent();
        expect(await world.poll()).toMatchObject({ contentBlobs: 1 });
      });
      await expectLanded(world);
      world.feed.refuse('fetch', contestedId, gone);
      await world.poll();
      await expectLanded(world);
      expect(await world.ledger.open(world.tenant.tenantId)).toEqual([]);
    },
  );

  it.each(landing)(
    'stays landed when a host loses it before another, which landed it, does its %s',
    async (step) => {
      const world = createPollWorld();
      await lose(world);
      world.feed.relent();
      await pollInterrupted(world, step, async () => {
        world.feed.refuse('fetch', contestedId, gone);
        await world.poll();
      });
      await expectLanded(world);
      await world.poll();
      await expectLanded(world);
      expect(await world.ledger.open(world.tenant.tenantId)).toEqual([]);
    },
  );
});

describe('a rejected content blob that an operator gives up', () => {
  it.each(['recordGaps', 'settle', 'close'] as const)(
    'is landed if a poll that took longer than its lease lands it before the %s',
    async (step) => {
      const world = createPollWorld();
      const { tenantId } = world.tenant;
      const content = world.publish('contested', { ago: 3 * hourMs });
      const at = world.clock.now();
      const receipt = { records: 0, bytes: 1, sha256: 'ab'.repeat(32), faults: 1, receivedAt: at };
      const open = { state: 'rejected', attempts: 2, nextAttemptAt: at, code: 'no array' } as const;
      await world.ledger.defer(tenantId, [{ ...open, content, receipt }]);
      const ledger = interrupted(world.ledger, step, async () => {
        expect(await world.poll()).toMatchObject({ contentBlobs: 1 });
      });
      const tenants = createFakeTenantStore([world.tenant]);
      const { telemetry } = world.telemetry;
      const deps = { ledger, tenants, queues: world.queues, telemetry, now: world.clock.now };
      const choice = { tenantId, id: rejectedId(content), caller: 'key-1', reason: 'It is empty.' };
      const given = await giveUpRejected(deps, choice).catch((error: unknown) => error);
      if (step !== 'close') expect(given).toMatchObject({ status: 404, code: 'RejectedBodyNotFound' });
      await expectLanded(world);
      expect(await world.ledger.open(tenantId)).toEqual([]);
    },
  );
});
