/** The state of ingestion, over HTTP: what of it needs attention, and what to do. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import type { OpenContent } from '../../../shared/landing/ledger.ts';
import type { SubscriptionState, Tenant } from '../../../shared/tenants/tenant.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { contentNamed } from '../../support/content.ts';
import { createFaults } from '../../support/faults.ts';
import { createIngestionWorld } from './ingestion-world.ts';

const typeSchema = z.looseObject({ contentType: z.string() });
const stateSchema = z.looseObject({ contentTypes: z.array(typeSchema) });

const found = '2026-03-10T11:00:00.000Z';
const ago = (now: Date, minutes: number) => new Date(now.getTime() - minutes * minuteMs);

async function createWorld(tenant: Partial<Tenant> = {}) {
  const world = await createIngestionWorld({ tenant });
  const now = world.clock.now();
  /** A content blob that is open since some minutes. */
  const open = async (
    name: string,
    minutes: number,
    changes: Partial<OpenContent> & { readonly type?: ContentType } = {},
  ) => {
    const { type = 'Audit.Exchange', ...rest } = changes;
    const content = contentNamed(name, ago(now, minutes), type);
    const row = { content, state: 'pending', attempts: 1, nextAttemptAt: now, code: 'AF429' } as const;
    await world.ledger.defer(world.tenantId, [{ ...row, ...rest }]);
  };
  const listed = async (type: ContentType, minutes: number) => {
    await world.ledger.advance(world.tenantId, { contentType: type, listedThrough: ago(now, minutes) });
  };
  const state = async () => stateSchema.parse((await world.get('ingestion')).jsonBody);
  const typed = async (type: ContentType) =>
    (await state()).contentTypes.find(({ contentType }) => contentType === type);
  return { ...world, now, open, listed, state, typed };
}

describe('the state of ingestion', () => {
  it('has when the tenant was and is polled, and how that went', async () => {
    const [lastPollAt, nextPollAt] = [new Date(found), new Date('2026-03-10T12:05:00.000Z')];
    const poll = { nextPollAt, lastPollAt, lastError: 'AF429', quietPolls: 0 };
    const shown = {
      lastPollDateTime: found,
      nextPollDateTime: '2026-03-10T12:05:00.000Z',
      lastError: 'AF429',
    };
    expect(await (await createWorld({ poll })).state()).toMatchObject(shown);
    const fresh = await (await createWorld()).state();
    expect(fresh).toMatchObject({ nextPollDateTime: new Date(0).toISOString() });
    expect(fresh).not.toHaveProperty('lastPollDateTime');
    expect(fresh).not.toHaveProperty('lastError');
  });
});

describe('the state of a content type', () => {
  const subscribed = (state: Omit<SubscriptionState, 'contentType'>) =>
    createWorld({ subscriptions: [{ contentType: 'Audit.Exchange', checkedDateTime: found, ...state }] });

  it('says that its subscription is enabled', async () => {
    const world = await subscribed({ enabled: true });
    const type = await world.typed('Audit.Exchange');
    expect(type).toMatchObject({ enabled: true, checkedDateTime: found });
    expect(type).not.toHaveProperty('cure');
  });

  it('says why its subscription is not enabled, and what to do', async () => {
    const world = await subscribed({ enabled: false, errorCode: 'AF20011', errorMessage: 'It is off.' });
    expect(await world.typed('Audit.Exchange')).toMatchObject({
      ...{ enabled: false, errorCode: 'AF20011', errorMessage: 'It is off.' },
      cure: 'Turn auditing on: start an enablement.',
    });
  });

  it('claims nothing about a subscription that was never checked', async () => {
    const type = await (await subscribed({ enabled: true })).typed('Audit.SharePoint');
    expect(Object.keys(type ?? {}).toSorted()).toEqual(['contentType', 'pending']);
  });

  it('counts its own pending content blobs, of which the oldest says since when', async () => {
    const world = await createWorld();
    await world.open('a', 30);
    await world.open('b', 90);
    await world.open('c', 10, { type: 'Audit.SharePoint' });
    await world.open('d', 600, { state: 'rejected' });
    expect(await world.typed('Audit.Exchange')).toMatchObject({
      pending: 2,
      oldestPendingDateTime: ago(world.now, 90).toISOString(),
    });
    expect(await world.typed('Audit.SharePoint')).toMatchObject({ pending: 1 });
    expect(await world.state()).toMatchObject({ pending: 3, rejected: 1 });
  });

  it('has how far it lags behind: the time since what is complete', async () => {
    const world = await createWorld();
    expect(await world.typed('Audit.Exchange')).not.toHaveProperty('lagSeconds');
    await world.listed('Audit.Exchange', 5);
    expect(await world.typed('Audit.Exchange')).toMatchObject({ lagSeconds: 300, pending: 0 });
    world.clock.advance(1999);
    expect(await world.typed('Audit.Exchange')).toMatchObject({ lagSeconds: 301 });
    await world.open('late', 60);
    world.clock.advance(1);
    expect(await world.typed('Audit.Exchange')).toMatchObject({ lagSeconds: hourMs / 1000 + 2 });
  });

  it('has how late Microsoft lists its content, and what that means for completeThrough', async () => {
    const world = await createWorld();
    const [listedThrough, revisited] = [ago(world.now, 1), ago(world.now, 400)];
    const checkpoint = { contentType: 'Audit.Exchange', listedThrough } as const;
    const lateness = { counts: [94.6, 2, 1, 1, 0.4, 0.001], asOf: world.now, delays: 1 };
    await world.ledger.advance(world.tenantId, { ...checkpoint, lateness });
    expect(await world.typed('Audit.Exchange')).toMatchObject({
      completeThrough: listedThrough.toISOString(),
      confidence: 0.9459,
      lateness: { samples: 99, p50Seconds: 0, p99Seconds: 21_600, maxSeconds: 64_800 },
    });
    await world.ledger.advance(world.tenantId, {
      ...checkpoint,
      revisitedThrough: [ago(world.now, 70), revisited, ago(world.now, 1200)],
      lateness: { ...lateness, delays: 3 },
    });
    expect(await world.typed('Audit.Exchange')).toMatchObject({
      listedThrough: listedThrough.toISOString(),
      completeThrough: revisited.toISOString(),
      confidence: 0.9859,
    });
  });
});

describe('reading the state of ingestion', () => {
  it('takes one request to storage for each kind of thing it reports', async () => {
    const faults = createFaults();
    const world = await createIngestionWorld({ faults });
    await world.get('ingestion');
    expect(faults.steps.toSorted()).toEqual(
      [
        'ledger.checkpoints',
        'ledger.gaps',
        'ledger.open',
        'landings.totals',
        'landings.notIndexed',
      ].toSorted(),
    );
  });

  it('counts what is indexed after it has read that nothing is left', async () => {
    const faults = createFaults();
    const world = await createIngestionWorld({ faults });
    await world.get('ingestion');
    expect(faults.steps.at(-1)).toBe('landings.totals');
  });
});
