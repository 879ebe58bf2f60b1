/** What became of each tenant of a batch: one letter for each is stored, so that thousands fit into a row. */
import * as z from 'zod';
import { bytesOfGuid, guidOfBytes } from '../guid.ts';
import { storedDate } from '../stored-date.ts';
import { sha256Of } from '../sha256.ts';

/**
 * `Blocked`: another operation of the same kind is running in the tenant; `Failing`: the last attempt to start or follow the
 * operation failed, and others follow; `GivenUp`: they failed for too long; `Removed`: the tenant is not managed anymore;
 * `NotAllowed`: before anything was started or read there, the creator lost what it takes.
 */
export const memberStatuses = [
  'NotStarted',
  'Blocked',
  'Failing',
  'Running',
  'Waiting',
  'Succeeded',
  'PartiallySucceeded',
  'Failed',
  'GivenUp',
  'Canceled',
  'Removed',
  'NotAllowed',
] as const;
export type MemberStatus = (typeof memberStatuses)[number];

export interface Member {
  readonly tenantId: string;
  readonly status: MemberStatus;
  /** While it is `Failing`: since when without a success; absent in rows of earlier releases. */
  readonly failingSince?: Date | undefined;
}

const open: ReadonlySet<MemberStatus> = new Set(['NotStarted', 'Blocked', 'Failing', 'Running', 'Waiting']);

/** Whether something is left to do for it. */
export function isOpen({ status }: Pick<Member, 'status'>): boolean {
  return open.has(status);
}

/** Whether the operation in it failed, or could not be started or followed. */
export function hasFailed({ status }: Pick<Member, 'status'>): boolean {
  return status === 'Failed' || status === 'GivenUp';
}

/** Stored rows have these letters. */
const letters: Readonly<Record<MemberStatus, string>> = {
  NotStarted: '-',
  Blocked: 'b',
  Failing: 'e',
  Running: 'r',
  Waiting: 'w',
  Succeeded: 's',
  PartiallySucceeded: 'p',
  Failed: 'f',
  GivenUp: 'g',
  Canceled: 'c',
  Removed: 'x',
  NotAllowed: 'n',
};
const statusOf: ReadonlyMap<string, MemberStatus> = new Map(
  memberStatuses.map((status) => [letters[status], status]),
);

const idBytes = 16;

/** Moments, and the places of those members that fail since then: many begin to fail at once. */
const failingSchema = z.array(z.tuple([storedDate, z.array(z.int()).readonly()])).readonly();

/** IDs as bytes and statuses as letters: 5,000 tenants take some 80 KB. */
export const membersCodec = z.codec(
  z.strictObject({ ids: z.base64(), statuses: z.string(), failing: z.json().optional() }),
  z
    .array(
      z.object({ tenantId: z.guid(), status: z.enum(memberStatuses), failingSince: z.date().optional() }),
    )
    .readonly(),
  {
    decode: ({ ids, statuses, failing }) => {
      const bytes = Buffer.from(ids, 'base64');
      const since = sinceOf(failing);
      return Array.from(statuses, (letter, at) => {
        const tenantId = guidOfBytes(bytes.subarray(at * idBytes, (at + 1) * idBytes));
        const status = statusOf.get(letter) ?? 'NotStarted';
        const failingSince = since.get(at);
        return failingSince === undefined ? { tenantId, status } : { tenantId, status, failingSince };
      });
    },
    encode: (members) => ({
      ids: Buffer.concat(members.map(({ tenantId }) => bytesOfGuid(tenantId))).toString('base64'),
      statuses: members.map(({ status }) => letters[status]).join(''),
      ...failingIn(members),
    }),
  },
);

function sinceOf(failing: unknown): ReadonlyMap<number, Date> {
  const groups = failingSchema.parse(failing ?? []);
  return new Map(groups.flatMap(([since, places]) => places.map((at) => [at, since] as const)));
}

function failingIn(members: readonly Member[]) {
  const groups = new Map<number, number[]>();
  for (const [at, { status, failingSince }] of members.entries()) {
    if (status !== 'Failing' || failingSince === undefined) continue;
    const since = failingSince.getTime();
    const places = groups.get(since) ?? [];
    places.push(at);
    groups.set(since, places);
  }
  if (groups.size === 0) return {};
  return { failing: [...groups].map(([since, places]) => [new Date(since).toISOString(), places]) };
}

/**
 * The ID of the operation that a batch starts in a tenant: always the same, so that it is never started twice and need
 * not be stored. Like the batch's own, it begins with the moment.
 */
export function childIdOf(batchId: string, tenantId: string): string {
  const hash = sha256Of(`child\n${batchId}\n${tenantId}`);
  return `${batchId.slice(0, 13)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

/** How many tenants have which status. */
export function countMembers(members: readonly Member[]): ReadonlyMap<MemberStatus, number> {
  const counts = new Map<MemberStatus, number>();
  for (const { status } of members) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}
