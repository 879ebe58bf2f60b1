/** The state of ingestion of several tenants, over HTTP: whom to look after first. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { activityErrorCures } from '../../../shared/activity/activity-errors.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { minuteMs } from '../../support/clock.ts';
import { contentNamed } from '../../support/content.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { createIngestionWorld } from './ingestion-world.ts';

const listSchema = z.object({ value: z.array(z.looseObject({ displayName: z.string() })) });

const collected = { contentTypes: ['Audit.Exchange'] } as const;
const named = (name: string, changes: Partial<Tenant> = {}) =>
  tenantNamed(name, { ...collected, displayName: name, ...changes });

async function createWorld(others: readonly Tenant[], tenants?: string) {
  const tenant = { ...collected, displayName: 'Fabrikam' };
  const world = await createIngestionWorld({ tenant, others, tenants });
  const now = world.clock.now();
  const ago = (minutes: number) => new Date(now.getTime() - minutes * minuteMs);
  const listed = (tenantId: string, minutes: number) =>
    world.ledger.advance(tenantId, { contentType: 'Audit.Exchange', listedThrough: ago(minutes) });
  const list = async (query = '') =>
    listSchema.parse((await world.get('ingestionOfTenants', query)).jsonBody).value;
  return { ...world, ago, listed, list };
}

describe('the list of states of ingestion', () => {
  it('begins with the tenant that lags most, and ends with those that are not collected', async () => {
    const [late, never, consent] = [
      named('Late'),
      named('Never', { createdDateTime: new Date(0) }),
      named('Consent', { state: 'PendingConsent' }),
    ];
    const world = await createWorld([late, never, consent]);
    await world.listed(world.tenantId, 5);
    await world.listed(late.tenantId, 600);
    const all = await world.list();
    expect(all.map(({ displayName }) => displayName)).toEqual(['Never', 'Late', 'Fabrikam', 'Consent']);
    expect(all.map((entry) => entry['lagSeconds'])).toEqual([undefined, 36_000, 300, undefined]);
  });

  it('has of each what waits, what is lost, what Microsoft does not deliver, and what to do about the last poll', async () => {
    const world = await createWorld([]);
    const content = contentNamed('waiting', world.ago(90));
    const row = { state: 'pending', attempts: 1, nextAttemptAt: world.ago(0), code: 'AF50000' } as const;
    await world.ledger.defer(world.tenantId, [{ content, ...row }]);
    const [entry] = await world.list();
    expect(entry).toMatchObject({
      ...{ tenantId: world.tenantId, state: 'Active', pending: 1, gaps: 0, throttled: false, idle: false },
      ...{ oldestPendingDateTime: world.ago(90).toISOString(), disabledContentTypes: [] },
    });
    expect(entry).not.toHaveProperty('contentTypes');
  });

  it('says that Microsoft throttles, and what to do about any other failure', async () => {
    const failed = (name: string, lastError: string) =>
      named(name, { poll: { nextPollAt: new Date(0), quietPolls: 0, lastError } });
    const world = await createWorld([
      failed('Throttled', 'AF429: Too many requests'),
      failed('Unlicensed', 'AF20012: The tenant has no license.'),
    ]);
    const all = await world.list();
    const of = (name: string) => all.find(({ displayName }) => displayName === name);
    expect(of('Throttled')).toMatchObject({
      throttled: true,
      lastErrorCure: activityErrorCures['AF429'],
    });
    expect(of('Unlicensed')).toMatchObject({
      throttled: false,
      lastErrorCure: activityErrorCures['AF20012'],
    });
    expect(of('Fabrikam')).not.toHaveProperty('lastErrorCure');
  });

  it('has only the tenants that are named, and never one of another customer', async () => {
    const other = named('Other');
    const world = await createWorld([other]);
    const names = async (query: string) => (await world.list(query)).map(({ displayName }) => displayName);
    expect(await names(`?tenants=${other.tenantId}`)).toEqual(['Other']);
    const own = await createWorld([other], other.tenantId);
    expect((await own.list()).map(({ displayName }) => displayName)).toEqual(['Other']);
    expect(await own.get('ingestionOfTenants', `?tenants=${own.tenantId}`)).toMatchObject({ status: 404 });
  });
});
