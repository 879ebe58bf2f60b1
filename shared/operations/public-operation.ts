/** What operations have in common, as answers show it. */
import type { Operation } from './operation.ts';

type AnyOperation = Operation<unknown, unknown>;

/** The first members of every view. */
export function publicIdentity({ id, tenantId, status }: AnyOperation) {
  return { id, tenantId, status };
}

/** Who requested it, and when it made progress. */
export function publicHistory(one: AnyOperation) {
  return {
    createdBy: one.createdBy,
    createdDateTime: one.createdDateTime.toISOString(),
    lastActionDateTime: one.lastActionDateTime.toISOString(),
    completedDateTime: one.completedDateTime?.toISOString(),
  };
}

/** Why it failed, if it did. */
export function publicError({ errorCode, errorMessage }: AnyOperation) {
  return { errorCode, errorMessage };
}
