/** A reconciliation that begins after what was listed: nothing before it is passed over. */
import { expect, it } from 'vitest';
import type { PollRequest } from '../../../shared/landing/work-queues.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import {
  pollDueTenants,
  runPollRequest,
  type PollTenantsDeps,
} from '../../../shared/landing/poll-tenants.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults } from '../../support/faults.ts';
import { createPollWorld } from '../../support/poll-world.ts';
import { tenantNamed } from '../../support/tenants.ts';

const contentTypes = ['Audit.Exchange', 'Audit.General'] as const;

function createWorld() {
  const world = createPollWorld({ contentTypes });
  const tenant = tenantNamed('Fabrikam', { contentTypes });
  const { tenantId } = tenant;
  const deps: PollTenantsDeps = {
    ...world.depsOf(createFaults()),
    tenants: createFakeTenantStore([tenant]),
    tenantConcurrency: 1,
    ceilingMs: hourMs,
  };
  const reconcile = async (rest: Partial<PollRequest> = {}) => {
    const request: PollRequest = { version: 1, tenantId, reason: 'reconcile', ...rest };
    await runPollRequest(deps, request, world.clock.startBudget(10 * minuteMs));
  };
  const poll = async () => {
    await pollDueTenants(deps, world.clock.startBudget(10 * minuteMs));
  };
  return { ...world, poll, reconcile };
}

it('finds what was published while nothing was polled, before the time at which it begins', async () => {
  const world = createWorld();
  await world.poll();
  world.clock.advance(72 * hourMs);
  const { contentId } = world.publish('missed', { ago: 30 * hourMs });
  const since = new Date(world.clock.now().getTime() - hourMs).toISOString();
  await world.reconcile({ since });
  expect(world.feed.fetched).toContain(contentId);
});

it('finds what a content type published while it was refused, in the part after the repair', async () => {
  const world = createWorld();
  await world.poll();
  world.feed.refuse(
    'list',
    'Audit.General',
    new UpstreamError('fail', 'AF10001', 'A permission is missing.'),
  );
  world.clock.advance(hourMs);
  const { contentId } = world.publish('early', { type: 'Audit.General', ago: 0 });
  for (let hour = 0; hour < 6 * 24; hour++) {
    world.clock.advance(hourMs);
    await world.poll();
  }
  let isSlow = true;
  world.feed.reshapeType('Audit.Exchange', async function* (pages) {
    yield* pages;
    if (isSlow) world.clock.advance(3 * minuteMs);
  });
  await world.reconcile();
  const [rest] = world.queues.pollRequests.splice(0);
  expect(rest?.since).toBeDefined();
  isSlow = false;
  world.feed.relent();
  await world.reconcile({ since: rest?.since });
  expect(world.feed.fetched).toContain(contentId);
});
