/** What refused polls report and store. */
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { pollDueTenants } from '../../../shared/landing/poll-tenants.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults } from '../../support/faults.ts';
import { createPollWorld } from '../../support/poll-world.ts';
import { tenantNamed } from '../../support/tenants.ts';

const throttled = new UpstreamError('pause', 'AF429', 'Too many requests.');
const timing = { tenantConcurrency: 1, ceilingMs: hourMs };

describe('a poll', () => {
  const contentTypes = ['Audit.Exchange', 'DLP.All'] as const;
  const fabrikam = tenantNamed('Fabrikam', { contentTypes });
  const noPermission = new UpstreamError('renewToken', 'AF10001', 'Give admin consent.');
  const removed = new UpstreamError('fail', 'AADSTS700016', 'The application is not known there.');
  const expired = new UpstreamError('fail', 'AADSTS7000222', 'The client secret has expired.');
  const away = new UpstreamError('retry', 'ECONNREFUSED', 'Could not reach Microsoft.');
  type Refusals = Readonly<Partial<Record<(typeof contentTypes)[number] | '*', UpstreamError>>>;
  /** One poll after the other, each refused so. */
  const polled = async (polls: readonly Refusals[]) => {
    const world = createPollWorld({ contentTypes });
    const store = createFakeTenantStore([fabrikam]);
    const deps = { ...world.depsOf(createFaults()), tenants: store, ...timing };
    for (const refusals of polls) {
      world.feed.relent();
      for (const [about, error] of Object.entries(refusals)) world.feed.refuse('list', about, error);
      await pollDueTenants(deps, world.clock.startBudget(10 * minuteMs));
      world.clock.advance(2 * hourMs);
    }
    const [tenant] = await store.list();
    return { ...world, tenant };
  };

  it.each<[string, Refusals, boolean]>([
    ['that lists everything', {}, true],
    ['that lists one content type', { 'DLP.All': noPermission }, true],
    ['that lists nothing', { '*': removed }, false],
    ['that is throttled at once', { '*': throttled }, false],
  ])('%s says whether it succeeded', async (_which, refusals, succeeded) => {
    const { telemetry } = await polled([refusals]);
    expect(telemetry.of('landing.poll.finished')).toMatchObject([{ succeeded }]);
  });

  it.each<[string, readonly Refusals[], number]>([
    ['that one permission is missing', [{ 'DLP.All': noPermission }, { 'DLP.All': noPermission }], 0],
    ['that all are missing', [{ '*': noPermission }, { '*': noPermission }], 1],
    ['that one is missing, then all', [{ 'DLP.All': noPermission }, { '*': noPermission }], 1],
    [
      'whatever else is wrong meanwhile',
      [{ '*': removed }, { 'Audit.Exchange': throttled }, { '*': away }, { '*': removed }],
      1,
    ],
    [
      'once, when sign-in refuses one and another is throttled or away',
      [
        { 'Audit.Exchange': removed, 'DLP.All': throttled },
        { 'Audit.Exchange': away, 'DLP.All': removed },
        { 'Audit.Exchange': throttled, 'DLP.All': removed },
      ],
      1,
    ],
    ['again when it was there in between', [{ '*': removed }, {}, { '*': removed }], 2],
    ['not when our own credential is at fault', [{ '*': expired }], 0],
  ])('reports that consent is lost: %s', async (_when, polls, times) => {
    const { telemetry } = await polled(polls);
    expect(telemetry.of('tenants.consent.lost')).toHaveLength(times);
  });

  it("stores what is wrong with Auditkeep's own credential", async () => {
    const { tenant } = await polled([{ '*': expired }]);
    expect(tenant?.poll.lastError).toMatch(/^AADSTS7000222: /);
    expect(tenant?.subscriptions.map(({ errorCode }) => errorCode)).toEqual([expired.code, expired.code]);
  });

  it('reports nothing about a content type that it did not reach', async () => {
    const { tenant } = await polled([{ '*': removed }, { 'Audit.Exchange': throttled }]);
    expect(tenant?.subscriptions.map(({ enabled }) => enabled)).toEqual([false, false]);
  });
});
