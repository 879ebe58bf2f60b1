/** Creates, changes, and deletes destinations. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { allTenants } from '../access/tenant-set.ts';
import { describeIssue } from '../describe-issue.ts';
import { invalidParameter, RequestError } from '../errors.ts';
import { retryConflict } from '../retry.ts';
import { touchSearch } from '../searches/change-search.ts';
import type { SearchStore } from '../searches/search.ts';
import type { CursorStore } from './cursor.ts';
import { discardLetters, type DeadLetterStore } from './dead-letter.ts';
import {
  findDestination,
  type Destination,
  type DestinationChanges,
  type DestinationStore,
  type StoredDestination,
} from './destination.ts';
import type { BoundKind } from './kind.ts';
import type { DestinationQueue } from './messages.ts';
import { destinationsKnownMs } from './notify.ts';
import { checkWanted, keepSearch, type WantedRecords } from './wanted-records.ts';

export interface ManageDestinationsDeps {
  readonly destinations: DestinationStore;
  readonly destinationKinds: ReadonlyMap<string, BoundKind>;
  readonly searches: Pick<SearchStore, 'get' | 'put'>;
  readonly queues: DestinationQueue;
  readonly now: () => Date;
}

export interface NewDestination
  extends Pick<Destination, 'displayName' | 'kind' | 'createdBy'>, WantedRecords {
  readonly settings: Readonly<Record<string, unknown>>;
  /** @default those of the saved search, or all */
  readonly tenants?: string | undefined;
  /** What was indexed since is sent as well. @default what arrives from now on, and in the hour before */
  readonly since?: Date | undefined;
  /** What is indexed then or later is not sent. @default there is no end */
  readonly until?: Date | undefined;
}

/** Hosts read all of them once a minute, and each landing is announced to each. */
const maxDestinations = 50;
/** Clocks of hosts differ by less; landings are numbered by the clock of the host that indexes them. */
const clockMarginMs = 60 * 60_000;

/**
 * @throws RequestError 400 for settings, filters, or an end that are not valid, 404 for an unknown search, 409 when there
 *   are too many
 */
export async function createDestination(
  deps: ManageDestinationsDeps,
  { since, filters, search, ...wanted }: NewDestination,
): Promise<Destination> {
  const { destinations, now } = deps;
  checkSettings(deps, wanted.kind, wanted.settings);
  const ofSearch = await checkWanted(deps, { filters, search });
  if ((await destinations.list()).length >= maxDestinations)
    throw new RequestError(409, 'TooManyDestinations', tooMany);
  const destination: Destination = {
    ...wanted,
    filters: filters ?? {},
    search,
    tenants: wanted.tenants ?? ofSearch ?? allTenants,
    settings: { ...wanted.settings },
    destinationId: randomUUID(),
    paused: false,
    createdDateTime: now(),
    since: since ?? new Date(now().getTime() - clockMarginMs),
  };
  const { until } = destination;
  if (until !== undefined && until <= destination.since)
    throw invalidParameter('endDateTime', "'endDateTime' must be after 'startDateTime'.");
  await destinations.create(destination);
  await keepSearch(deps, destination);
  await wake(deps, destination.destinationId);
  return destination;
}

const tooMany = `There can be ${maxDestinations} destinations. Delete those that are no longer needed.`;

/** What hosts index while they do not know of it, or know it as paused, is found by the second message. */
async function wake({ queues }: ManageDestinationsDeps, destinationId: string): Promise<void> {
  await queues.requestSending({ version: 1, destinationId });
  await queues.requestSending({ version: 1, destinationId }, 2 * destinationsKnownMs);
}

/** @throws RequestError 400 that names the member */
export function checkSettings(
  { destinationKinds }: Pick<ManageDestinationsDeps, 'destinationKinds'>,
  kind: string,
  settings: Readonly<Record<string, unknown>>,
): void {
  try {
    destinationKinds.get(kind)?.configured(settings, describeIssue);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const name = ['settings', ...(issue?.path ?? [])].join('.');
    throw invalidParameter(name, `'${name}' ${issue?.message ?? 'is malformed'}.`);
  }
}

/** Absent and undefined members stay as they are; filters replace a search, and a search replaces filters. */
export type DestinationPatch = {
  readonly [K in keyof Omit<DestinationChanges, 'circuit'>]: DestinationChanges[K] | undefined;
};

/**
 * Changes a destination, and tries at once if it failed before.
 * @throws RequestError 400, 404 also for an unknown search, and 409 when others keep changing it
 */
export async function changeDestination(
  deps: ManageDestinationsDeps,
  destinationId: string,
  patch: DestinationPatch,
): Promise<StoredDestination> {
  const found = await findDestination(deps.destinations, destinationId);
  if (patch.settings !== undefined) checkSettings(deps, found.kind, patch.settings);
  await checkWanted(deps, patch);
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const { filters = {}, search } = patch;
  const replaced = patch.filters === undefined && search === undefined ? {} : { filters, search };
  let current = found;
  const changed = await retryConflict('destination', async () => {
    const written = await deps.destinations.update(current, { ...given, ...replaced, circuit: undefined });
    if (written === undefined) current = await findDestination(deps.destinations, destinationId);
    return written;
  });
  if (search !== undefined) await touchSearch(deps.searches, search);
  await wake(deps, changed.destinationId);
  return changed;
}

export interface DeleteDestinationDeps {
  readonly destinations: DestinationStore;
  readonly cursors: CursorStore;
  readonly deadLetters: DeadLetterStore;
}

/** Ends sending, and forgets how far it has got; what the receiver has stays there. Succeeds if there is none. */
export async function deleteDestination(
  { destinations, cursors, deadLetters }: DeleteDestinationDeps,
  destinationId: string,
): Promise<void> {
  const id = z.guid().safeParse(destinationId).data?.toLowerCase();
  if (id === undefined) return;
  await destinations.remove(id);
  for await (const page of cursors.listOf(id))
    for (const { tenantId } of page) await cursors.remove(tenantId, id);
  await discardLetters(deadLetters, id);
}
