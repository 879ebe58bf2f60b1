/** Reads what a kind of report needs in addition to records. */
import type { PostureStore } from '../enablement/posture.ts';
import { rejectedContents } from '../landing/rejected-content.ts';
import { holesIn, type Completeness } from '../query/completeness.ts';
import { checksOf } from '../tenants/tenant-checks.ts';
import type { MailboxNameStore } from '../tenants/mailbox-names.ts';
import type { NameDirectory } from '../tenants/name-directory.ts';
import type { SnapshotReader } from '../tenants/role-holders.ts';
import { snapshotsAround } from '../tenants/snapshots-around.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import { beforeRange } from './past.ts';
import { holeReason } from './report-gaps.ts';
import type { MaybeNeeded, Need, Needed } from './report-inputs.ts';

export interface ReadInputsDeps {
  readonly roleHolders: SnapshotReader;
  readonly postures: PostureStore;
  readonly names: NameDirectory;
  readonly mailboxNames: Pick<MailboxNameStore, 'list'>;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

interface Wanted {
  readonly tenant: StoredTenant;
  readonly range: { readonly from: Date; readonly to: Date };
  readonly needs: readonly Need[];
  /** Template ids of those whose holders are needed. */
  readonly roles: readonly string[];
  readonly now: Date;
}

/** Exactly what is needed. @throws TooManyHoldersError, and when storage fails */
export async function readInputs(deps: ReadInputsDeps, { needs, ...wanted }: Wanted): Promise<MaybeNeeded> {
  const readers: { readonly [N in Need]: () => Promise<Needed[N]> } = {
    roleHolders: () => snapshotsAround(deps.roleHolders, { ...wanted, tenantId: wanted.tenant.tenantId }),
    postures: () => readPostures(deps, wanted),
    people: () => deps.names.namesIn(wanted.tenant.tenantId),
    mailboxes: () => deps.mailboxNames.list(wanted.tenant.tenantId),
    collection: async () => collectionOf(wanted.tenant, await deps.completeness(wanted.tenant)),
    pastGaps: async () => pastGapsIn(await deps.completeness(wanted.tenant), wanted.range),
  };
  const entries = needs.map(async (need) => [need, await readers[need]()] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const dayMs = 24 * 60 * 60_000;
const maxPostures = 400;

async function readPostures(
  { postures }: ReadInputsDeps,
  { tenant, range }: Pick<Wanted, 'tenant' | 'range'>,
): Promise<Needed['postures']> {
  // One a day: those of the days of the range, that of the day of its end, and the one before it.
  const days = Math.ceil((range.to.getTime() - range.from.getTime()) / dayMs);
  const all = await postures.list(tenant.tenantId, Math.min(maxPostures, days) + 2, range.to);
  const before = all.filter(({ takenAt }) => new Date(takenAt) < range.to);
  const inside = before.filter(({ takenAt }) => new Date(takenAt) >= range.from);
  return before.slice(0, Math.min(maxPostures, inside.length + 1));
}

function collectionOf(tenant: StoredTenant, completeness: Completeness): Needed['collection'] {
  const { contentTypes, open, gaps, unindexedLandings } = completeness;
  const { lastPollAt, lastError } = tenant.poll;
  return {
    state: tenant.state,
    checks: checksOf(tenant),
    contentTypes: contentTypes.map(({ contentType, collectedFrom, listedThrough, completeThrough }) => {
      return { contentType, collectedFrom, listedThrough, completeThrough };
    }),
    pending: open.filter(({ state }) => state === 'pending').length,
    rejected: rejectedContents(open, gaps).length,
    unindexedLandings,
    lastPollAt,
    lastError,
  };
}

function pastGapsIn(completeness: Completeness, range: Wanted['range']): Needed['pastGaps'] {
  const gaps = holesIn(completeness, beforeRange(range)).map((hole) => {
    return { contentType: hole.contentType, reason: holeReason(hole) };
  });
  return [...new Map(gaps.map((gap) => [`${gap.contentType ?? ''} ${gap.reason}`, gap])).values()];
}
