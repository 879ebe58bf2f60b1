/** The removal of a tenant. It stays as evidence of what was deleted. */
import * as z from 'zod';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { OperationStore, StoredOperation } from '../operations/operation-store.ts';
import { storedDate } from '../stored-date.ts';

const requestSchema = z.strictObject({
  /** Everything that was collected is deleted too. */
  purge: z.boolean(),
});
export type RemovalRequest = Readonly<z.output<typeof requestSchema>>;

const deletedSchema = z.strictObject({ blobs: z.int(), tables: z.int(), rows: z.int() });
export type DeletedCounts = Readonly<z.output<typeof deletedSchema>>;

/** What was deleted from one place: a container, a table, or all tables of the index. */
export const deletedPlaceSchema = z.strictObject({
  kind: z.enum(['blobs', 'tables', 'rows']),
  place: z.string(),
  count: z.int(),
});
export type DeletedPlace = Readonly<z.output<typeof deletedPlaceSchema>>;

const stateSchema = z.strictObject({
  deleted: deletedSchema,
  /** The same, by place; absent in removals of earlier releases. */
  places: z.array(deletedPlaceSchema).readonly().optional(),
  /** When the first data was deleted; absent: none was, or by an earlier release. */
  beganDateTime: storedDate.optional(),
  /** How often Microsoft was requested to stop the subscriptions. */
  attempts: z.int(),
  /** The subscriptions are stopped, or Auditkeep gave up on them. */
  isStopped: z.boolean(),
  /** All else is deleted, and the row of the tenant is next: it is too late to cancel, and no other removal takes over. */
  isLastStep: z.boolean().optional(),
  /** When Microsoft was last requested to stop the subscriptions, or data was last deleted. */
  lastEffectDateTime: storedDate,
  /** Nothing is stopped or deleted before then. Absent: not delayed. */
  effectiveDateTime: storedDate.optional(),
  /** Blobs that the policy of their container retained at the last attempt; the removal retries daily. */
  retainedBlobs: z.int(),
});
export type RemovalState = Readonly<z.output<typeof stateSchema>>;

/** It will end as canceled. */
export function isCalledBack({ cancelRequested, state }: StoredRemoval): boolean {
  return cancelRequested && state.isLastStep !== true;
}

/** Unless the deployment sets another: for so long a purge can be called back before it begins. */
export const usualPurgeDelayHours = 72;

export const removalKind: OperationKind<RemovalRequest, RemovalState> = {
  name: 'removals',
  noun: 'Removal',
  request: requestSchema,
  state: stateSchema,
  isEvidence: true,
  isCanceledByRun: true,
};

export type Removal = Operation<RemovalRequest, RemovalState>;
export type StoredRemoval = StoredOperation<RemovalRequest, RemovalState>;
export type RemovalStore = OperationStore<RemovalRequest, RemovalState>;

/** Everything stored of a tenant but its own row: blobs, tables and rows. */
export interface TenantData {
  /**
   * Deletes until all is gone or the budget is spent, but at least one piece. Safe to repeat, and to run concurrently.
   */
  purge(tenantId: string, budget: AbortSignal): Promise<PurgeRound>;
}

export interface PurgeRound {
  /** What this call deleted. */
  readonly deleted: DeletedCounts;
  /** The same, by place. */
  readonly places: readonly DeletedPlace[];
  /** Blobs that cannot be deleted yet: the container has an immutability policy. */
  readonly retainedBlobs: number;
  /** False when it stopped before it had seen everything. */
  readonly finished: boolean;
}

/** A removal as answers show it. */
export function publicRemoval({ id, tenantId, request, status, state, ...rest }: Removal) {
  const { deleted, attempts, retainedBlobs } = state;
  return {
    id,
    tenantId,
    purge: request.purge,
    createdBy: rest.createdBy,
    status,
    deleted,
    createdDateTime: rest.createdDateTime.toISOString(),
    effectiveDateTime: state.effectiveDateTime?.toISOString(),
    lastActionDateTime: rest.lastActionDateTime.toISOString(),
    attempts: attempts > 1 ? attempts : undefined,
    retainedBlobs: retainedBlobs > 0 ? retainedBlobs : undefined,
    errorCode: rest.errorCode,
    errorMessage: rest.errorMessage,
  };
}

/** What its tenant shows of it. */
export function removalMembers({ id, request, status, createdBy, createdDateTime, state }: Removal) {
  return {
    id,
    purge: request.purge,
    status,
    createdBy,
    createdDateTime: createdDateTime.toISOString(),
    effectiveDateTime: state.effectiveDateTime?.toISOString(),
  };
}
