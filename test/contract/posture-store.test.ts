/** The promises about postures, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPostureStore } from '../../shared/adapters/tables/posture-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { defaultActionsOf } from '../../shared/enablement/mailbox-actions.ts';
import type { Posture } from '../../shared/enablement/posture.ts';
import { createFakePostureStore } from '../support/fakes/posture-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();

const postureAt = (takenAt: string, changes: Partial<Posture> = {}): Posture => ({
  ...{ takenAt, unifiedAuditLog: true, mailboxAuditingDisabled: false, subscriptionsMissing: ['DLP.All'] },
  ...{ mailboxes: { total: 3, asWanted: 2, wrong: ['änna@fabrikam.example'] }, bypasses: ['Robot'] },
  ...changes,
});

describe.each([
  { where: 'in memory', open: createFakePostureStore },
  { where: 'on Table Storage', open: () => createPostureStore(createTables(storage())) },
])('postures $where', ({ open }) => {
  it('are none for a tenant that was never checked', async () => {
    expect(await open().list(randomUUID(), 30)).toEqual([]);
  });

  it('are returned unchanged, newest first, at most as many as requested', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const days = ['2025-12-31', '2026-01-01', '2026-01-02'].map((day) => postureAt(`${day}T04:23:00.000Z`));
    for (const posture of [days[1], days[0], days[2]])
      if (posture !== undefined) await store.save(tenantId, posture);
    expect(await store.list(tenantId, 30)).toEqual([...days].reverse());
    expect(await store.list(tenantId, 1)).toEqual(days.slice(2));
    expect(await store.list(randomUUID(), 30)).toEqual([]);
  });

  it('are those of the days up to a day, if one is given', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const days = ['2025-12-31', '2026-01-01', '2026-01-02'].map((day) => postureAt(`${day}T04:23:00.000Z`));
    for (const posture of days) await store.save(tenantId, posture);
    const through = new Date('2026-01-01T00:00:00.000Z');
    expect(await store.list(tenantId, 30, through)).toEqual([days[1], days[0]]);
    expect(await store.list(tenantId, 1, through)).toEqual([days[1]]);
    expect(await store.list(tenantId, 30, new Date('2025-01-01T00:00:00.000Z'))).toEqual([]);
  });

  it('are kept once a day, the latest one', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const last = postureAt('2026-01-01T23:59:59.999Z', { unifiedAuditLog: false });
    await store.save(tenantId, postureAt('2026-01-01T00:00:00.000Z'));
    await store.save(tenantId, last);
    expect(await store.list(tenantId, 30)).toEqual([last]);
  });

  it('can name many mailboxes and bypasses', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const names = Array.from({ length: 200 }, () => `${randomUUID()}@${'fabrikam'.repeat(8)}.example`);
    const posture = postureAt('2026-01-01T04:23:00.000Z', {
      bypasses: names,
      mailboxes: {
        ...{ total: 90_000, asWanted: 0, wrong: names },
        lackingDefaults: names.slice(0, 50).map((name) => ({
          ...{ logonType: 'admin', actions: [...defaultActionsOf('admin')], managedByMicrosoft: false },
          ...{ total: 1800, mailboxes: [name, ...names.slice(50, 53)] },
        })),
        leftOut: [{ kind: 'GroupMailbox', reason: 'Microsoft manages it.' }],
      },
    });
    await store.save(tenantId, posture);
    expect(await store.list(tenantId, 30)).toEqual([posture]);
  });
});

describe('unreachable postures', () => {
  it('fail, and never look empty', async () => {
    const store = createPostureStore(createTables(lockedOut(storage())));
    await expect(store.list('any', 1)).rejects.toThrow();
  });
});
