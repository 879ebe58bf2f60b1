/** Where operations are stored. Every write is conditional on the version that was read. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import { nounText, type Operation, type OperationKey, type OperationKind } from './operation.ts';

/** An operation with what the protocol of its runs needs. @see docs/adr/0009-who-may-write-now.md */
export interface StoredOperation<R, S> extends Operation<R, S> {
  readonly etag: string;
  /** Number of the newest run, from 1; 0 before the first. Ending it from outside counts as a run. */
  readonly run: number;
  /** Number of the run that saved progress or a wait last; 0 before the first. A cancellation counts as one. */
  readonly savedBy: number;
  /** Number of the run that handed over to a later one last; 0 before the first. Messages of earlier ones are superfluous. */
  readonly handedOverBy: number;
  readonly cancelRequested: boolean;
  /** When the monitor checks it next. Absent: never. */
  readonly checkDateTime?: Date | undefined;
}

export interface OperationStore<R, S> {
  readonly kind: OperationKind<R, S>;
  /**
   * Creates an operation; creating it again is success.
   * @returns undefined, or the id of the unfinished operation that its tenant already has of an exclusive kind
   */
  create(one: Operation<R, S>, checkDateTime: Date): Promise<string | undefined>;
  get(key: OperationKey): Promise<StoredOperation<R, S> | undefined>;
  /** Newest first, at most `top`. @param after an ID: only those that come after it, whether it still exists or not */
  list(tenantId: string, top: number, after?: string): Promise<readonly StoredOperation<R, S>[]>;
  /**
   * Writes `after` in place of `before`. A finished one no longer excludes others.
   * @returns the new version; undefined, with nothing written, when it has changed since `before` or is gone
   * @throws ZodError when the request or the state does not fit its schema
   */
  replace(
    before: StoredOperation<R, S>,
    after: StoredOperation<R, S>,
  ): Promise<StoredOperation<R, S> | undefined>;
  /** Removing one that is gone is success. */
  remove(one: StoredOperation<R, S>): Promise<void>;
}

/** An operation that the monitor has to check. */
export interface DueOperation {
  /** Of any release: after a rollback, operations of kinds that this one does not know are due as well. */
  readonly kind: string;
  readonly tenantId: string;
  readonly id: string;
  readonly checkDateTime: Date;
}

/** What the monitor has to check and when, over all kinds and tenants. */
export interface OperationAgenda {
  due(by: Date): AsyncIterable<DueOperation>;
  /** Drops the entry of an operation that is gone. */
  drop(entry: DueOperation): Promise<void>;
}

/** @throws RequestError 404 */
export async function findOperation<R, S>(
  store: OperationStore<R, S>,
  { tenantId, id }: OperationKey,
): Promise<StoredOperation<R, S>> {
  const guid = z.guid().safeParse(id).data?.toLowerCase();
  const found = guid === undefined ? undefined : await store.get({ tenantId, id: guid });
  if (found !== undefined) return found;
  const { noun } = store.kind;
  const message = `There is no ${nounText(store.kind)} with this ID, or it has expired. Check the ID.`;
  throw new RequestError(404, `${noun}NotFound`, message);
}
