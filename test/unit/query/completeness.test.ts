/** The completeness of answers. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import type { Landing } from '../../../shared/landing/landing.ts';
import type { Gap } from '../../../shared/landing/ledger.ts';
import {
  earliestOfAll,
  missingIn,
  readCompleteness,
  type Completeness,
} from '../../../shared/query/completeness.ts';
import type { StoredTenant } from '../../../shared/tenants/tenant.ts';
import { contentNamed } from '../../support/content.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { tenantNamed } from '../../support/tenants.ts';

const tenant: StoredTenant = { ...tenantNamed('Fabrikam'), etag: 'v1', leasedUntil: undefined };
const { tenantId } = tenant;

function at(text: string): Date {
  return new Date(`2026-03-${text}:00Z`);
}

const open = { attempts: 1, nextAttemptAt: at('02T10:00'), code: 'ECONNRESET' };

function gap(start: string, end: string): Gap {
  const window = { start: at(start), end: at(end) };
  return {
    contentType: 'Audit.Exchange',
    window,
    reason: 'feedExpired',
    code: 'AF20051',
    recordedAt: at(end),
  };
}

function landingOf(oldestContent: Date): Landing {
  return {
    ...{ landingId: '20260302T090000000-0', blobName: 'b', landedAt: at('02T09:00') },
    ...{ contentBlobs: 1, records: 1, bytes: 1, oldestContent },
  };
}

function world() {
  const ledger = createFakeLedger();
  const landings = createFakeLandingStore();
  const listed = (contentType: ContentType, through: string) =>
    ledger.advance(tenantId, { contentType, listedThrough: at(through) });
  return { ledger, landings, listed, read: () => readCompleteness({ ledger, landings }, tenant) };
}

describe('completeness', () => {
  it('is unknown while a content type was never listed', async () => {
    const { read, listed } = world();
    expect((await read()).completeThrough).toBeUndefined();
    await listed('Audit.Exchange', '02T09:00');
    expect((await read()).completeThrough).toBeUndefined();
    await listed('Audit.SharePoint', '02T08:00');
    expect((await read()).completeThrough).toEqual(at('02T08:00'));
  });

  it.each(['lost', 'landed'] as const)(
    'has a content blob that is %s while it is read, whichever is read first',
    async (outcome) => {
      const { read, listed, ledger, landings } = world();
      await listed('Audit.Exchange', '02T09:00');
      await listed('Audit.SharePoint', '02T09:00');
      const content = contentNamed('late', at('02T07:00'));
      await ledger.defer(tenantId, [{ content, state: 'pending', ...open }]);
      const readOpen = ledger.open.bind(ledger);
      ledger.open = async (...asked) => {
        await setImmediate();
        if (outcome === 'landed') await landings.open(tenantId, landingOf(content.contentCreated));
        else await ledger.recordGaps(tenantId, [{ ...gap('02T07:00', '02T08:00') }]);
        await ledger.close(tenantId, [content]);
        return await readOpen(...asked);
      };
      const { completeThrough, gaps } = await read();
      expect(gaps).toHaveLength(outcome === 'lost' ? 1 : 0);
      expect(completeThrough).toEqual(outcome === 'lost' ? at('02T09:00') : content.contentCreated);
    },
  );

  it('ends at the oldest content blob that is still pending', async () => {
    const { read, listed, ledger } = world();
    await listed('Audit.Exchange', '02T09:00');
    await listed('Audit.SharePoint', '02T09:00');
    await ledger.defer(tenantId, [
      { ...open, state: 'pending', content: contentNamed('late', at('02T07:00')) },
      { ...open, state: 'pending', content: contentNamed('later', at('02T08:00')) },
    ]);
    const { completeThrough, contentTypes } = await read();
    expect(completeThrough).toEqual(at('02T07:00'));
    expect(contentTypes).toMatchObject([
      { contentType: 'Audit.Exchange', listedThrough: at('02T09:00'), completeThrough: at('02T07:00') },
      { contentType: 'Audit.SharePoint', listedThrough: at('02T09:00'), completeThrough: at('02T09:00') },
    ]);
  });

  it('has gaps for a range that begins before a content type was listed first', async () => {
    const { read, ledger } = world();
    const from = (contentType: ContentType, text: string) => ({
      ...{ contentType, collectedFrom: at(text), listedThrough: at('09T09:00') },
    });
    await ledger.advance(tenantId, from('Audit.Exchange', '02T09:00'));
    await ledger.advance(tenantId, from('Audit.SharePoint', '05T09:00'));
    const completeness = await read();
    const missing = (start: string) => missingIn(completeness, { from: at(start), to: at('08T09:00') });
    const nothing = { isPartial: false, isPending: false, hasGaps: false };
    expect(missing('05T09:00')).toEqual(nothing);
    expect(missing('05T08:59')).toEqual({ ...nothing, isPartial: true, hasGaps: true });
    expect(missingIn(completeness, { to: at('08T09:00') }).hasGaps).toBe(true);
  });

  it('has no gap before collection where a backfill has searched, and only there', async () => {
    const { read, ledger } = world();
    const from = (contentType: ContentType, text: string) => ({
      ...{ contentType, collectedFrom: at(text), listedThrough: at('09T09:00') },
    });
    await ledger.advance(tenantId, from('Audit.Exchange', '02T09:00'));
    await ledger.advance(tenantId, from('Audit.SharePoint', '05T09:00'));
    const hasGaps = async (end: string, start: string, to = '08T09:00') => {
      const backfilled = [{ start: at('01T09:00'), end: at(end) }];
      return missingIn({ ...(await read()), backfilled }, { from: at(start), to: at(to) }).hasGaps;
    };
    expect(await hasGaps('05T09:00', '01T09:00')).toBe(false);
    expect(await hasGaps('05T09:00', '01T08:59')).toBe(true);
    expect(await hasGaps('05T08:59', '01T09:00')).toBe(true);
    expect(await hasGaps('04T09:00', '01T09:00', '03T09:00')).toBe(false);
  });

  it('has a gap where a range begins before what is kept, whatever was collected and backfilled', async () => {
    const [ledger, landings] = [createFakeLedger(), createFakeLandingStore()];
    const hasGaps = async (row: StoredTenant, from: string | undefined) => {
      const range = { from: from === undefined ? undefined : at(from), to: at('08T09:00') };
      return missingIn(await readCompleteness({ ledger, landings }, row), range).hasGaps;
    };
    const backfilled = [{ start: at('01T00:00'), end: at('09T00:00') }];
    const kept = { ...tenant, backfilled, retained: { from: at('05T00:00'), decidedAt: at('06T00:00') } };
    expect(await hasGaps(tenant, '04T00:00')).toBe(false);
    expect(await hasGaps(kept, '04T23:59')).toBe(true);
    expect(await hasGaps(kept, undefined)).toBe(true);
    expect(await hasGaps(kept, '05T00:00')).toBe(false);
    for (const contentType of tenant.contentTypes)
      await ledger.advance(tenantId, { contentType, listedThrough: at('09T09:00') });
    await ledger.markRetained(tenantId, at('06T00:00'));
    expect(await hasGaps(tenant, '05T23:59')).toBe(true);
    expect(await hasGaps(tenant, '06T00:00')).toBe(false);
  });

  it('knows what was backfilled from the tenant, and keeps the gaps of the feed', async () => {
    const [ledger, landings] = [createFakeLedger(), createFakeLandingStore()];
    const backfilled = [{ start: at('01T09:00'), end: at('05T09:00') }];
    await ledger.recordGaps(tenantId, [gap('02T09:00', '02T10:00')]);
    const completeness = await readCompleteness({ ledger, landings }, { ...tenant, backfilled });
    expect(completeness.backfilled).toEqual(backfilled);
    expect(missingIn(completeness, { from: at('02T09:00'), to: at('02T09:30') }).hasGaps).toBe(true);
  });

  it('continues after lost content that was listed again: its gap says that it is missing', async () => {
    const { read, listed, ledger } = world();
    await listed('Audit.Exchange', '02T09:00');
    await listed('Audit.SharePoint', '02T09:00');
    const content = contentNamed('found', at('02T07:00'));
    await ledger.defer(tenantId, [{ ...open, state: 'pending', content, reopened: true }]);
    expect((await read()).completeThrough).toEqual(at('02T09:00'));
  });

  it('continues after a content blob whose body was rejected', async () => {
    const { read, listed, ledger } = world();
    await listed('Audit.Exchange', '02T09:00');
    await listed('Audit.SharePoint', '02T09:00');
    await ledger.defer(tenantId, [
      { ...open, state: 'rejected', content: contentNamed('odd', at('02T06:00')) },
    ]);
    const completeness = await read();
    expect(completeness.completeThrough).toEqual(at('02T09:00'));
    expect(missingIn(completeness, { from: at('02T06:00'), to: at('02T09:00') }).isPartial).toBe(true);
    expect(missingIn(completeness, { from: at('02T06:01'), to: at('02T09:00') }).isPartial).toBe(false);
  });

  it('ends at the oldest content of a landing that is not indexed, until it is', async () => {
    const { read, listed, landings } = world();
    await listed('Audit.Exchange', '02T09:00');
    await listed('Audit.SharePoint', '02T09:00');
    const landing = landingOf(at('02T05:00'));
    await landings.open(tenantId, landing);
    expect(await read()).toMatchObject({ completeThrough: at('02T05:00'), unindexedLandings: 1 });
    await landings.progress(tenantId, landing.landingId, 5_000);
    expect(await read()).toMatchObject({ completeThrough: at('02T05:00'), recordsIndexing: 5_000 });
    await landings.close(tenantId, landing, { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 6 });
    expect(await read()).toMatchObject({
      completeThrough: at('02T09:00'),
      unindexedLandings: 0,
      recordsIndexing: 0,
    });
  });
});

describe('an answer', () => {
  const complete: Completeness = {
    ...{
      completeThrough: at('10T00:00'),
      contentTypes: [],
      open: [],
      unindexedLandings: 0,
      recordsIndexing: 0,
    },
    gaps: [gap('08T00:00', '08T12:00')],
  };

  it('is complete if its range is complete and no gap can reach into it', () => {
    expect(missingIn({ ...complete, gaps: [] }, { from: at('01T00:00'), to: at('10T00:00') }).isPartial).toBe(
      false,
    );
    expect(missingIn({ ...complete, gaps: [] }, { to: at('10T00:00') }).isPartial).toBe(false);
    expect(missingIn(complete, { from: at('08T12:00'), to: at('10T00:00') }).isPartial).toBe(false);
  });

  it('is partial when nothing is complete or its range continues', () => {
    expect(
      missingIn({ ...complete, completeThrough: undefined, gaps: [] }, { to: at('01T00:00') }).isPartial,
    ).toBe(true);
    expect(missingIn({ ...complete, gaps: [] }, { to: at('10T00:01') }).isPartial).toBe(true);
  });

  it('says which of the two it lacks', () => {
    const range = { from: at('09T00:00'), to: at('10T00:00') };
    const later = { ...range, to: at('10T00:01') };
    const whole = { isPartial: false, isPending: false, hasGaps: false };
    expect(missingIn(complete, range)).toEqual(whole);
    expect(missingIn(complete, later)).toEqual({ isPartial: true, isPending: true, hasGaps: false });
    const lost = { from: at('08T00:00'), to: at('09T00:00') };
    expect(missingIn(complete, lost)).toEqual({ isPartial: true, isPending: false, hasGaps: true });
    expect(missingIn(complete, { ...lost, to: later.to })).toEqual({
      isPartial: true,
      isPending: true,
      hasGaps: true,
    });
  });

  it('is partial if it crosses a gap, as events are published up to 7 days late', () => {
    expect(missingIn(complete, { from: at('08T11:59'), to: at('10T00:00') }).isPartial).toBe(true);
    expect(missingIn(complete, { from: at('01T00:00'), to: at('01T00:01') }).isPartial).toBe(true);
    expect(missingIn(complete, { to: at('01T00:00') }).isPartial).toBe(false);
    expect(missingIn(complete, { to: at('01T00:01') }).isPartial).toBe(true);
  });
});

describe('the earliest of moments', () => {
  it('is found among any number of them: a long outage leaves many content blobs open', () => {
    const many = Array.from({ length: 300_000 }, (_, index) => new Date(300_000 - index));
    expect(earliestOfAll(many)).toEqual(new Date(1));
  });

  it('is unknown if one of them is, or if there are none', () => {
    expect(earliestOfAll([new Date(1), undefined])).toBeUndefined();
    expect(earliestOfAll([])).toBeUndefined();
  });
});
