/** Collecting from the Microsoft 365 simulator over HTTPS into the storage emulator, as all goes well. */
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { recordTexts } from '../../support/content.ts';
import { blobTexts, useCollecting } from './collecting.ts';

const newTenant = useCollecting();

describe('collecting', () => {
  it('lands the content of all types, and nothing twice', async () => {
    const tenant = newTenant({ contentTypes: ['Audit.Exchange', 'Audit.SharePoint', 'DLP.All'] });
    const [mail, site, secret] = ['mail', 'site', 'secret'].map((name) => recordTexts(name, 4));
    tenant.publish(mail ?? [], { ago: 6 * dayMs });
    tenant.publish(site ?? [], { type: 'Audit.SharePoint' });
    tenant.publish(secret ?? [], { type: 'DLP.All' });
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 3, records: 12, finished: true, errors: {} });
    expect(await tenant.poll({ reconcile: true })).toMatchObject({ contentBlobs: 0, finished: true });
    expect(await tenant.lines()).toEqual([...(mail ?? []), ...(site ?? []), ...(secret ?? [])].sort());
    const { requestsByTenant } = tenant.simulator.counters.snapshot();
    expect(requestsByTenant[tenant.tenantId]?.blob).toBe(3);
  });

  it('keeps the exact text of every record', async () => {
    const tenant = newTenant();
    const texts = ['{"Id":"1","n":12345678901234567890,"n":1.0e+2}', '{  "Id" : "2" , "s":"\\u00e9\\/😀"  }'];
    tenant.publish(texts);
    await tenant.poll();
    expect(await tenant.lines()).toEqual(texts.toSorted());
  });

  it.each(['NextPageUri', 'nextpageuri', 'NEXTPAGEURI'] as const)(
    'follows the pages named by %s to the last, from an empty first one',
    async (nextPageHeader) => {
      const tenant = newTenant();
      for (const texts of blobTexts(5)) tenant.publish(texts);
      tenant.simulator.changeSettings({ pageSize: 2, emptyFirstPage: true, nextPageHeader });
      expect(await tenant.poll()).toMatchObject({ contentBlobs: 5, records: 15 });
      expect(await tenant.lines()).toEqual(blobTexts(5).flat().sort());
    },
  );

  it('lands a body that is too large to hold, in several raw blobs', async () => {
    const tenant = newTenant();
    tenant.publish(recordTexts('large', 3000, 300));
    tenant.publish(recordTexts('small', 2));
    const limits = { maxBufferedBytes: 100_000, maxLandingBytes: 300_000 };
    expect(await tenant.poll(limits)).toMatchObject({ contentBlobs: 2, records: 3002 });
    const expected = [...recordTexts('large', 3000, 300), ...recordTexts('small', 2)].sort();
    expect(await tenant.lines()).toEqual(expected);
  });

  it('lands records that are delivered again in other content: the index recognizes duplicates', async () => {
    const tenant = newTenant();
    tenant.publish(recordTexts('same', 2));
    tenant.publish(recordTexts('same', 2), { ago: 30 * minuteMs });
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 2, records: 4 });
  });

  it('does not fetch a growing content blob until it has settled, and then lands all of it', async () => {
    const tenant = newTenant();
    const settleMs = 10 * minuteMs;
    tenant.simulator.changeSettings({ settleMs });
    const texts = recordTexts('growing', 10);
    tenant.publish(texts, { ago: 5 * minuteMs });
    expect(await tenant.poll({ settleMs })).toMatchObject({ contentBlobs: 0, deferred: 1 });
    tenant.simulator.moveClock(6 * minuteMs);
    expect(await tenant.poll({ settleMs, clockOffsetMs: 6 * minuteMs })).toMatchObject({ records: 10 });
    expect(await tenant.lines()).toEqual(texts.toSorted());
  });
});

describe('a subscription', () => {
  it('that does not exist is started by the poll that needs it', async () => {
    const tenant = newTenant();
    tenant.publish(recordTexts('first', 1));
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 1, errors: {} });
    const { requestsByTenant } = tenant.simulator.counters.snapshot();
    expect(requestsByTenant[tenant.tenantId]?.start).toBe(1);
  });

  it('that was disabled while auditing was off is started again', async () => {
    const tenant = newTenant();
    await tenant.poll();
    tenant.simulator.changePolicy(tenant.tenantId, { auditingEnabled: false });
    tenant.publish(recordTexts('first', 1));
    expect(await tenant.poll({ reconcile: true })).toMatchObject({
      errors: { 'Audit.Exchange': { code: 'TenantDoesNotExist', action: 'waitForAuditing' } },
    });
    tenant.simulator.changePolicy(tenant.tenantId, { auditingEnabled: true });
    expect(await tenant.poll({ reconcile: true })).toMatchObject({ contentBlobs: 1, errors: {} });
  });

  it('that answers AF20023 once is started, and the listing continues', async () => {
    const tenant = newTenant();
    await tenant.poll();
    tenant.publish(recordTexts('first', 1), { ago: minuteMs });
    tenant.simulator.faults.add({
      match: { operation: 'content', tenantId: tenant.tenantId },
      times: 1,
      effect: { kind: 'error', status: 400, code: 'AF20023' },
    });
    expect(await tenant.poll()).toMatchObject({ contentBlobs: 1, errors: {} });
  });

  it('cannot be started before auditing is switched on: the poll waits for that', async () => {
    const tenant = newTenant({ auditingEnabled: false });
    expect(await tenant.poll()).toMatchObject({
      contentBlobs: 0,
      errors: { 'Audit.Exchange': { code: 'TenantDoesNotExist', action: 'waitForAuditing' } },
    });
    expect(await tenant.ledger.checkpoints(tenant.tenantId)).toEqual([]);
  });

  it('to DLP without its permission is refused, and does not stop the others', async () => {
    const tenant = newTenant({ contentTypes: ['DLP.All', 'Audit.Exchange'] });
    tenant.simulator.changePolicy(tenant.tenantId, { grantedRoles: ['ActivityFeed.Read'] });
    tenant.publish(recordTexts('first', 1), { ago: 2 * hourMs });
    expect(await tenant.poll()).toMatchObject({
      contentBlobs: 1,
      errors: { 'DLP.All': { code: 'AF10001', action: 'fail' } },
    });
  });
});
