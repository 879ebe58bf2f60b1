/** Collecting while Microsoft, or the network, misbehaves. */
import { describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../simulator/faults.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { recordTexts } from '../../support/content.ts';
import { blobTexts, useCollecting, type CollectedTenant } from './collecting.ts';

const newTenant = useCollecting();
const sound = recordTexts('sound', 2);

interface Hit {
  readonly operation: 'blob' | 'content' | 'token';
  readonly contentId?: string;
  readonly times?: number;
}

function strike({ simulator, tenantId }: CollectedTenant, hit: Hit, effect: FaultEffect): void {
  const { times, ...match } = hit;
  simulator.faults.add({ match: { ...match, tenantId }, times, effect });
}

function requestsOf({ simulator, tenantId }: CollectedTenant) {
  return simulator.counters.snapshot().requestsByTenant[tenantId];
}

/** A tenant with one content blob to strike and one that nothing happens to. */
function tenantWithVictim() {
  const tenant = newTenant();
  const victim = tenant.publish(recordTexts('victim', 2));
  tenant.publish(sound, { ago: 30 * minuteMs });
  return { tenant, victim };
}

const brief: readonly [string, FaultEffect][] = [
  ['AF429', { kind: 'throttled' }],
  ['429 without delay', { kind: 'too-many-requests', retryAfterSeconds: 0 }],
  ['AF50000', { kind: 'internal-error' }],
  ['AF50005', { kind: 'error', status: 500, code: 'AF50005' }],
  ['a reset connection', { kind: 'connection-reset' }],
  ['a 502 page', { kind: 'html', status: 502 }],
  ['a 408', { kind: 'error', status: 408, code: '' }],
  ['a 503', { kind: 'error', status: 503, code: '' }],
];

describe('a transient fault', () => {
  it.each(brief)('on a content blob is not noticed: %s', async (_name, effect) => {
    const { tenant, victim } = tenantWithVictim();
    strike(tenant, { operation: 'blob', contentId: victim, times: 2 }, effect);
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 2, deferred: 0, gaps: 0, errors: {} });
  });

  it.each(brief)('on a listing is not noticed: %s', async (_name, effect) => {
    const { tenant } = tenantWithVictim();
    strike(tenant, { operation: 'content', times: 2 }, effect);
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 2, errors: {} });
  });

  it('on a listing, a page of HTML in place of the answer, only delays the listing to a later poll', async () => {
    const { tenant } = tenantWithVictim();
    strike(tenant, { operation: 'content', times: 1 }, { kind: 'html', status: 200 });
    const first = await tenant.poll();
    const second = await tenant.poll();
    expect(first.contentBlobs + second.contentBlobs).toBe(2);
    expect(second.errors).toEqual({});
  });
});

describe('a permanent fault', () => {
  it.each([
    ['AF50000', { kind: 'internal-error' }, 'AF50000'],
    ['resets', { kind: 'connection-reset' }, 'ECONNRESET'],
    ['a 403 without throttling', { kind: 'error', status: 403, code: '' }, 'HTTP403'],
    ['a body that breaks off', { kind: 'truncated-body', cleanEnd: false }, undefined],
  ] as const)('defers the affected content blob and no other: %s', async (_name, effect, code) => {
    const { tenant, victim } = tenantWithVictim();
    strike(tenant, { operation: 'blob', contentId: victim }, effect);
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 1, deferred: 1, gaps: 0 });
    expect(await tenant.lines()).toEqual(sound);
    const [open] = await tenant.ledger.open(tenant.tenantId);
    expect(open).toMatchObject({ content: { contentId: victim }, state: 'pending', attempts: 1 });
    if (code !== undefined) expect(open?.code).toBe(code);
    tenant.simulator.faults.clear();
    expect(await tenant.poll({ clockOffsetMs: 2 * minuteMs })).toMatchObject({ contentBlobs: 1, waiting: 0 });
    expect(await tenant.lines()).toEqual([...sound, ...recordTexts('victim', 2)].sort());
    expect(await tenant.ledger.open(tenant.tenantId)).toEqual([]);
  });

  it('on a listing keeps the checkpoint, and the next poll lists everything', async () => {
    const { tenant } = tenantWithVictim();
    strike(tenant, { operation: 'content' }, { kind: 'internal-error' });
    expect(await tenant.poll()).toMatchObject({
      contentBlobs: 0,
      errors: { 'Audit.Exchange': { code: 'AF50000', action: 'retry' } },
    });
    expect(await tenant.ledger.checkpoints(tenant.tenantId)).toEqual([]);
    tenant.simulator.faults.clear();
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 2, errors: {} });
  });
});

describe('continued throttling', () => {
  it('pauses the tenant with AF429', async () => {
    const { tenant, victim } = tenantWithVictim();
    strike(tenant, { operation: 'blob', contentId: victim }, { kind: 'throttled' });
    expect(await tenant.poll()).toMatchObject({ pause: { code: 'AF429', action: 'pause' }, deferred: 1 });
  });

  it('pauses for as long as Retry-After says, without a request', async () => {
    const { tenant, victim } = tenantWithVictim();
    const effect = { kind: 'too-many-requests', retryAfterSeconds: 1800 } as const;
    strike(tenant, { operation: 'blob', contentId: victim }, effect);
    expect(await tenant.poll()).toMatchObject({ pause: { retryAfterMs: 30 * minuteMs } });
    expect(requestsOf(tenant)?.blob).toBeLessThanOrEqual(2);
    const [open] = await tenant.ledger.open(tenant.tenantId);
    expect(open?.nextAttemptAt.getTime()).toBeGreaterThan(Date.now() + 29 * minuteMs);
  });

  it('of one tenant does not affect another', async () => {
    const [throttled, free] = [tenantWithVictim().tenant, tenantWithVictim().tenant];
    strike(throttled, { operation: 'content' }, { kind: 'throttled' });
    const [first, second] = await Promise.all([throttled.poll(), free.poll()]);
    expect(first.pause?.code).toBe('AF429');
    expect(second).toMatchObject({ contentBlobs: 2, finished: true });
    expect(second.pause).toBeUndefined();
  });
});

describe('an invalid body', () => {
  it.each([
    ['a page of HTML', { kind: 'html', status: 200 }, /^<!DOCTYPE html>/, 0],
    ['half a body that ends as if complete', { kind: 'truncated-body', cleanEnd: true }, /^\[\{"Id"/, 1],
  ] as const)('is kept as received, and fetched again: %s', async (_name, effect, kept, whole) => {
    const { tenant, victim } = tenantWithVictim();
    strike(tenant, { operation: 'blob', contentId: victim, times: 1 }, effect);
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 1, deferred: 1 });
    expect(await tenant.ledger.open(tenant.tenantId)).toMatchObject([{ state: 'rejected' }]);
    const rejected = await tenant.rejected();
    expect(rejected).toHaveLength(1);
    expect(rejected[0]).toMatch(kept);
    const records = recordTexts('victim', 2);
    const landed = [...sound, ...records.slice(0, whole)];
    expect(await tenant.lines()).toEqual(landed);
    expect(await tenant.poll({ clockOffsetMs: 16 * minuteMs })).toMatchObject({ contentBlobs: 1 });
    expect(await tenant.lines()).toEqual([...landed, ...records].sort());
  });
});

describe('content that Microsoft says does not exist', () => {
  it.each(['AF20050', 'AF20051'] as const)(
    'with %s is a gap after an hour of such answers, and no later poll fetches it',
    async (code) => {
      const { tenant, victim } = tenantWithVictim();
      strike(tenant, { operation: 'blob', contentId: victim }, { kind: 'content-gone', code });
      expect(await tenant.poll()).toMatchObject({ contentBlobs: 1, gaps: 0, deferred: 1 });
      expect(await tenant.poll({ clockOffsetMs: hourMs })).toMatchObject({ gaps: 1, waiting: 0 });
      expect(await tenant.ledger.gaps(tenant.tenantId)).toMatchObject([
        { contentId: victim, reason: 'contentGone', code },
      ]);
      const before = requestsOf(tenant)?.blob;
      await tenant.poll({ clockOffsetMs: 2 * hourMs });
      expect(requestsOf(tenant)?.blob).toBe(before);
    },
  );

  it('and that is listed and served after all has no gap once a reconciliation has fetched it', async () => {
    const { tenant, victim } = tenantWithVictim();
    const effect = { kind: 'content-gone', code: 'AF20050' } as const;
    strike(tenant, { operation: 'blob', contentId: victim }, effect);
    await tenant.poll();
    await tenant.poll({ clockOffsetMs: hourMs });
    tenant.simulator.faults.clear();
    expect(await tenant.poll({ reconcile: true, clockOffsetMs: hourMs })).toMatchObject({ contentBlobs: 1 });
    expect(await tenant.ledger.gaps(tenant.tenantId)).toEqual([]);
    expect(await tenant.lines()).toEqual([...sound, ...recordTexts('victim', 2)].sort());
  });
});

describe('a 404 or 410 without a code', () => {
  it.each([
    ['a page of a proxy, 404', { kind: 'html', status: 404 }],
    ['a page of a proxy, 410', { kind: 'html', status: 410 }],
    ['an empty code', { kind: 'error', status: 404, code: '' }],
  ] as const)('says nothing about the content, which is retried: %s', async (_what, effect) => {
    const { tenant, victim } = tenantWithVictim();
    strike(tenant, { operation: 'blob', contentId: victim }, effect);
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 1, gaps: 0, deferred: 1 });
    expect(await tenant.poll({ clockOffsetMs: 5 * hourMs })).toMatchObject({ gaps: 0, waiting: 1 });
    tenant.simulator.faults.clear();
    expect(await tenant.poll({ clockOffsetMs: 12 * hourMs })).toMatchObject({ contentBlobs: 1, waiting: 0 });
    expect(await tenant.lines()).toEqual([...sound, ...recordTexts('victim', 2)].sort());
  });
});

describe('a token that expires', () => {
  it('is renewed in the middle of a poll', async () => {
    const tenant = newTenant();
    for (const texts of blobTexts(6)) tenant.publish(texts);
    strike(tenant, { operation: 'blob', times: 1 }, { kind: 'token-expired' });
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 6, deferred: 0 });
    const tokens = requestsOf(tenant)?.token ?? 0;
    expect(tokens).toBeGreaterThanOrEqual(2);
    // Requests in flight at that time may each request one.
    expect(tokens).toBeLessThanOrEqual(1 + 4);
  });

  it('and is refused again is not renewed endlessly', async () => {
    const { tenant } = tenantWithVictim();
    strike(tenant, { operation: 'content' }, { kind: 'token-expired' });
    expect(await tenant.poll()).toMatchObject({
      errors: { 'Audit.Exchange': { code: 'HTTP401', action: 'fail' } },
    });
    expect(requestsOf(tenant)?.content).toBe(2);
  });

  it('without the permission waits for consent and then continues', async () => {
    const { tenant } = tenantWithVictim();
    tenant.simulator.changePolicy(tenant.tenantId, { grantedRoles: [] });
    expect(await tenant.poll()).toMatchObject({ errors: { 'Audit.Exchange': { code: 'AF10001' } } });
    tenant.simulator.changePolicy(tenant.tenantId, { grantedRoles: ['ActivityFeed.Read'] });
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 2, errors: {} });
  });

  it('fails if the application is unknown', async () => {
    const { tenant } = tenantWithVictim();
    tenant.simulator.changePolicy(tenant.tenantId, { consented: false });
    expect(await tenant.poll()).toMatchObject({
      errors: { 'Audit.Exchange': { code: 'AADSTS7000229', action: 'fail' } },
    });
  });
});

describe('an outage of Auditkeep', () => {
  it('longer than the retention of the feed is a gap, and the rest is landed', async () => {
    const tenant = newTenant();
    await tenant.poll({ clockOffsetMs: -9 * dayMs }).catch(() => undefined);
    const listedThrough = new Date(Date.now() - 9 * dayMs);
    await tenant.ledger.advance(tenant.tenantId, { contentType: 'Audit.Exchange', listedThrough });
    tenant.publish(sound, { ago: 6 * dayMs });
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 1, gaps: 1, errors: {} });
    expect(await tenant.ledger.gaps(tenant.tenantId)).toMatchObject([
      { reason: 'feedExpired', window: { start: listedThrough } },
    ]);
  });
});

describe('a clock that is ahead', () => {
  it('does not end content that still grows', async () => {
    const tenant = newTenant();
    tenant.simulator.changeSettings({ settleMs: 40 * secondMs });
    const texts = recordTexts('growing', 4);
    tenant.publish(texts, { ago: 8 * secondMs });
    const ahead = { settleMs: minuteMs, clockOffsetMs: 10 * minuteMs };
    expect(await tenant.poll(ahead)).toMatchObject({ contentBlobs: 0, waiting: 1 });
    tenant.simulator.moveClock(minuteMs);
    expect(await tenant.poll(ahead)).toMatchObject({ contentBlobs: 1, waiting: 0 });
    expect(await tenant.lines()).toEqual(texts);
  });
});
