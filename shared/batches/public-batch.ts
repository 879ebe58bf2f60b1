/** Batches as answers show them: how many tenants have come how far, and a table of them, the worst first. */
import pMap from 'p-map';
import type { z } from 'zod';
import type { Access, Caller } from '../access/access.ts';
import { tenantsOf } from '../access/caller.ts';
import { containsId } from '../access/tenant-set.ts';
import type { positionParameters } from '../http/positions.ts';
import { pageOf } from '../http/positions.ts';
import type { Operation, OperationStatus } from '../operations/operation.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import type { BatchState } from './batch-work.ts';
import { childIdOf, countMembers, isOpen, type Member, type MemberStatus } from './member.ts';

/** How far a tenant has come, as answers say it. */
export const publicMemberStatuses = [
  'NotStarted',
  'Running',
  'Waiting',
  'Succeeded',
  'PartiallySucceeded',
  'Failed',
  'Canceled',
] as const;
export type PublicMemberStatus = (typeof publicMemberStatuses)[number];

const shownAs: Readonly<Record<MemberStatus, PublicMemberStatus>> = {
  NotStarted: 'NotStarted',
  Blocked: 'Waiting',
  Failing: 'Waiting',
  Running: 'Running',
  Waiting: 'Waiting',
  Succeeded: 'Succeeded',
  PartiallySucceeded: 'PartiallySucceeded',
  Failed: 'Failed',
  GivenUp: 'Failed',
  Canceled: 'Canceled',
  Removed: 'Canceled',
  NotAllowed: 'Canceled',
};

type Batch = Operation<unknown, BatchState>;

/** Members that the views of all batches have. */
export function publicProgress({ state: { members } }: Batch) {
  const done = members.filter((member) => !isOpen(member)).length;
  const counts = [...countMembers(members)];
  const countOf = (wanted: PublicMemberStatus) =>
    counts.reduce((sum, [status, count]) => sum + (shownAs[status] === wanted ? count : 0), 0);
  return {
    percentComplete: members.length === 0 ? 100 : Math.floor((100 * done) / members.length),
    tenantCount: members.length,
    notStartedCount: countOf('NotStarted'),
    runningCount: countOf('Running'),
    waitingCount: countOf('Waiting'),
    succeededCount: countOf('Succeeded'),
    partiallySucceededCount: countOf('PartiallySucceeded'),
    failedCount: countOf('Failed'),
    canceledCount: countOf('Canceled'),
  };
}

/** `PartiallySucceeded`: it went through all tenants, and not all of them are as requested. */
export function publicBatchStatus({
  status,
  state: { members },
}: Batch): OperationStatus | 'PartiallySucceeded' {
  const isPartial = members.some((member) => member.status !== 'Succeeded');
  return status === 'Succeeded' && isPartial ? 'PartiallySucceeded' : status;
}

/** The worst first. */
const ranks: Readonly<Record<MemberStatus, number>> = {
  Failed: 9,
  GivenUp: 9,
  Removed: 8,
  NotAllowed: 8,
  Canceled: 7,
  PartiallySucceeded: 6,
  Failing: 5,
  Blocked: 5,
  Waiting: 4,
  Running: 3,
  NotStarted: 2,
  Succeeded: 1,
};

const positionOf = ({ status, tenantId }: Member) => `${ranks[status]}${tenantId}`;
const order = { positionOf, shape: /^[1-9][0-9a-f-]{36}$/ };

/** Why a child failed, or did not succeed in everything. */
export interface ChildError {
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

interface Outcome extends ChildError {
  readonly status: PublicMemberStatus;
}

export interface BatchPageDeps {
  readonly access: Pick<Access, 'open' | 'visibleTenants'>;
}

interface BatchPage<D> {
  readonly batch: Batch;
  readonly caller: Caller;
  readonly query: z.output<z.ZodObject<typeof positionParameters>>;
  readonly url: string;
  /** What the table says of a tenant in addition; the ID is that of its child. */
  readonly detailsOf: (child: { readonly tenantId: string; readonly id: string }) => Promise<D>;
}

const readsAtOnce = 16;

/** A member of which a caller may know. */
export interface VisibleMember extends Member {
  /** Undefined: it is gone. */
  readonly tenant: StoredTenant | undefined;
}

/**
 * Without tenants that the caller may not read anymore: neither what became of them, nor that they exist, is theirs to know. One
 * that is gone is shown to callers who are bound to its ID, or to none.
 */
export async function visibleMembers(
  access: Pick<Access, 'visibleTenants'>,
  caller: Caller,
  { state: { members } }: Pick<Batch, 'state'>,
): Promise<readonly VisibleMember[]> {
  const visible = await access.visibleTenants(caller, 'records.read');
  const tenants = new Map(visible.map((tenant) => [tenant.tenantId, tenant]));
  const named = tenantsOf(caller, 'records.read') ?? '';
  return members
    .filter(({ tenantId }) => tenants.has(tenantId) || containsId(named, tenantId))
    .map((member) => ({ ...member, tenant: tenants.get(member.tenantId) }));
}

/**
 * Those of {@link visibleMembers}, chosen before the page is: the link to the next page names the last one.
 * @throws RequestError 400 for an invalid skip token
 */
export async function pageOfBatch<D extends object>(
  { access }: BatchPageDeps,
  { batch, query, url, caller, detailsOf }: BatchPage<D>,
) {
  const visible = await visibleMembers(access, caller, batch);
  const members = visible.toSorted((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1));
  const { page, nextLink } = pageOf(members, order, { ...query, url });
  const rowFor = (member: VisibleMember) => rowOf({ batch, detailsOf }, member);
  const value = await pMap(page, rowFor, { concurrency: readsAtOnce });
  access.open(
    caller,
    value.map(({ tenantId }) => tenantId),
  );
  return { value, nextLink };
}

async function rowOf<D extends object>(
  { batch, detailsOf }: Pick<BatchPage<D>, 'batch' | 'detailsOf'>,
  { tenant, ...member }: VisibleMember,
) {
  const { tenantId } = member;
  const { status, ...error } = publicOutcome(member);
  const row = { tenantId, tenantDisplayName: tenant?.displayName, status };
  if (tenant === undefined) return { ...row, ...error };
  const details = await detailsOf({ tenantId, id: childIdOf(batch.id, tenantId) });
  return { ...row, ...details, ...error };
}

/** What became of a member, as answers say it; without an error, what its child says of one holds. */
export function publicOutcome({ status }: Pick<Member, 'status'>): Outcome {
  return { status: shownAs[status], ...errorOfStatus[status] };
}

const errorOfStatus: Readonly<Partial<Record<MemberStatus, ChildError>>> = {
  Blocked: {
    errorCode: 'OperationInProgress',
    errorMessage: 'Another operation of this kind is still running in the tenant. This one starts after it.',
  },
  Failing: {
    errorCode: 'Retrying',
    errorMessage: 'Something failed in the tenant. It is retried for a day.',
  },
  GivenUp: {
    errorCode: 'RetriedInVain',
    errorMessage:
      'Something failed in the tenant again and again: the log says what. The operation that is named here, if there is one, may still be running.',
  },
  Removed: { errorCode: 'TenantRemoved', errorMessage: 'The tenant was removed before this had finished.' },
  NotAllowed: {
    errorCode: 'CreatorNotAllowed',
    errorMessage:
      'Nothing was started or read in the tenant: the client key that requested this has ended, or has no access to the tenant anymore. Request it again with another key.',
  },
};
