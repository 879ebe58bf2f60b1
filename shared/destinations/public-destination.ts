/** Destinations as answers show them. */
import { publicFilters } from '../searches/search.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { Destination } from './destination.ts';
import { earliestOfAll } from '../query/completeness.ts';
import type { CompleteProgress } from './progress.ts';

/** `failing` may pass; `misconfigured`: someone has to act. In both, nothing is lost: sending continues when it succeeds. */
export const destinationStates = ['active', 'paused', 'failing', 'misconfigured'] as const;
export type DestinationState = (typeof destinationStates)[number];

/** Of anything that sends to a receiver that may fail. */
export function stateOf({ paused, circuit }: Pick<Destination, 'paused' | 'circuit'>): DestinationState {
  if (paused) return 'paused';
  if (circuit === undefined) return 'active';
  return circuit.nextStep === undefined ? 'failing' : 'misconfigured';
}

export function publicDestination(destination: Destination) {
  const {
    destinationId: id,
    displayName,
    kind,
    settings,
    tenants,
    filters,
    search,
    createdBy,
    circuit,
  } = destination;
  return {
    id,
    displayName,
    kind,
    settings,
    tenants,
    filters: search === undefined ? publicFilters(filters) : undefined,
    search: search?.name,
    createdBy,
    status: stateOf(destination),
    createdDateTime: destination.createdDateTime.toISOString(),
    startDateTime: destination.since.toISOString(),
    endDateTime: destination.until?.toISOString(),
    lastError: circuit?.cause,
    nextStep: circuit?.nextStep,
    failingSinceDateTime: circuit?.since.toISOString(),
    nextAttemptDateTime: circuit?.nextAttemptAt.toISOString(),
  };
}

/** Of all tenants: what is complete at each of them. */
export function publicProgressOfAll(progress: readonly CompleteProgress[]) {
  return {
    completeThrough: earliestOfAll(progress.map(({ completeThrough }) => completeThrough))?.toISOString(),
    value: progress.map(publicProgress),
  };
}

function publicProgress({ tenantId, displayName, state, counts, ...times }: CompleteProgress) {
  return {
    tenantId,
    tenantDisplayName: displayName,
    status: state,
    sent: counts.sent,
    duplicates: counts.duplicates,
    rejected: counts.rejected,
    oldestPendingDateTime: times.oldestPendingDateTime?.toISOString(),
    lastSentDateTime: times.lastSentDateTime?.toISOString(),
    completeThrough: times.completeThrough?.toISOString(),
  };
}

export function publicLetter({ tenantId, recordId, cause, refusedDateTime }: DeadLetter) {
  return { tenantId, recordId, cause, refusedDateTime: refusedDateTime.toISOString() };
}
