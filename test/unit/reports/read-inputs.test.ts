import { describe, expect, it } from 'vitest';
import type { Posture } from '../../../shared/enablement/posture.ts';
import { readInputs, type ReadInputsDeps } from '../../../shared/reports/read-inputs.ts';
import { createFakeMailboxNameStore } from '../../support/fakes/mailbox-name-store.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';
import { createFakePostureStore } from '../../support/fakes/posture-store.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';
import { tenantNamed } from '../../support/tenants.ts';

const dayMs = 24 * 60 * 60_000;
const tenant = { ...tenantNamed('Contoso'), etag: 'v1', leasedUntil: undefined };
const dayAt = (day: number) => new Date(Date.UTC(2024, 0, 1 + day));
const postureOn = (day: number): Posture => ({
  ...{ takenAt: new Date(dayAt(day).getTime() + dayMs / 6).toISOString(), unifiedAuditLog: true },
  ...{ mailboxAuditingDisabled: false, mailboxes: { total: 1, asWanted: 1, wrong: [] } },
  ...{ bypasses: [], subscriptionsMissing: [] },
});

/** Postures of these days of 2024, and how many rows were read. */
async function postures(days: readonly number[], from: number, to: number) {
  const store = createFakePostureStore();
  for (const day of days) await store.save(tenant.tenantId, postureOn(day));
  let read = 0;
  const list: typeof store.list = async (...asked) => {
    const found = await store.list(...asked);
    read += found.length;
    return found;
  };
  const deps: ReadInputsDeps = {
    postures: { ...store, list },
    roleHolders: createFakeRoleHolderStore(),
    names: createFakeNameDirectory(),
    mailboxNames: createFakeMailboxNameStore(),
    completeness: () => Promise.reject(new Error('The kind does not need it.')),
  };
  const range = { from: dayAt(from), to: dayAt(to) };
  const wanted = { tenant, range, needs: ['postures'], roles: [], now: dayAt(900) } as const;
  const found = (await readInputs(deps, wanted)).postures ?? [];
  return {
    days: found.map(({ takenAt }) => Math.floor((Date.parse(takenAt) - Date.UTC(2024, 0)) / dayMs)),
    read,
  };
}
const daily = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

describe('postures of a range', () => {
  it('are those in it and the newest before it, newest first', async () => {
    expect((await postures([1, 2, 5, 6, 9], 4, 9)).days).toEqual([6, 5, 2]);
    expect((await postures([1, 9], 4, 9)).days).toEqual([1]);
    expect((await postures([9], 4, 9)).days).toEqual([]);
  });

  it('are found however many newer ones there are, and without reading those', async () => {
    const { days, read } = await postures(daily(0, 800), 10, 17);
    expect(days).toEqual(daily(9, 17).toReversed());
    expect(read).toBeLessThanOrEqual(10);
  });

  it('are those of the last 400 days of a longer range', async () => {
    expect((await postures(daily(0, 800), 0, 800)).days).toEqual(daily(400, 800).toReversed());
  });
});
