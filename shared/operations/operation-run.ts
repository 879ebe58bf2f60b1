/**
 * Who may write now. A run begins by writing its number, one higher than the last, so that only the newest run can save.
 * @see docs/adr/0009-who-may-write-now.md
 */
import { expiryAfter, isFinished, type OperationKind } from './operation.ts';
import type { OperationStore, StoredOperation } from './operation-store.ts';

/** A newer run has taken over, or the operation was ended or removed: nothing is left to do for this run. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';

  constructor() {
    super('This run was superseded by a newer one.');
  }
}

/** The right to work on an operation. */
export interface OperationRun<R, S> {
  readonly number: number;
  /** As this run left it. */
  readonly operation: () => StoredOperation<R, S>;
  /**
   * Saves progress; a final status ends the operation. Work whose effects are outside of the row saves before each
   * of them, even without progress: that is a small write, and proves that this is still the newest run. It does not
   * count as progress.
   * @throws SupersededError, with nothing written
   */
  save(progress: Progress<S>): Promise<void>;
}

export type Progress<S> = Partial<
  Pick<
    StoredOperation<unknown, S>,
    'state' | 'status' | 'errorCode' | 'errorMessage' | 'checkDateTime' | 'handedOverBy'
  >
>;

/** Others are faster this often only when something is wrong. */
const maxAttempts = 10;

/**
 * Changes an operation, even if others write to it concurrently.
 * @returns the new version; undefined, with nothing written, when it has finished or is gone
 */
export async function changeUnfinished<R, S>(
  store: OperationStore<R, S>,
  found: StoredOperation<R, S> | undefined,
  change: (before: StoredOperation<R, S>) => StoredOperation<R, S>,
): Promise<StoredOperation<R, S> | undefined> {
  let before = found;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (before === undefined || isFinished(before)) return undefined;
    const written = await store.replace(before, change(before));
    if (written !== undefined) return written;
    before = await store.get(before);
  }
  throw new Error(`An operation changed ${maxAttempts} times in a row before it could be written.`);
}

/** Begins the newest run; earlier ones can no longer write. Undefined when nothing is left to run. */
export async function takeOver<R, S>(
  store: OperationStore<R, S>,
  found: StoredOperation<R, S>,
  now: () => Date,
): Promise<OperationRun<R, S> | undefined> {
  const taken = await changeUnfinished(store, found, (before) => ({ ...before, run: before.run + 1 }));
  return taken === undefined ? undefined : createRun(store, taken, now);
}

function createRun<R, S>(
  store: OperationStore<R, S>,
  taken: StoredOperation<R, S>,
  now: () => Date,
): OperationRun<R, S> {
  const { run: number } = taken;
  let current = taken;
  return {
    number,
    operation: () => current,
    async save(progress) {
      if (isFinished(current)) throw new SupersededError();
      for (;;) {
        // A proof that this is the newest run is not progress: runs that fail after it are in vain.
        const savedBy = Object.keys(progress).length === 0 ? current.savedBy : number;
        const after = { ...progressed(store.kind, current, progress, now()), savedBy };
        const written = await store.replace(current, after);
        const found = written ?? (await store.get(current));
        if (found?.run !== number) throw new SupersededError();
        current = found;
        // A finished one was written by this run, but the answer was lost: whatever else ends it counts as a run.
        if (written !== undefined || isFinished(found)) return;
      }
    },
  };
}

/** An operation after progress, or at its end. */
export function progressed<R, S>(
  kind: OperationKind<R, S>,
  before: StoredOperation<R, S>,
  progress: Progress<S>,
  now: Date,
): StoredOperation<R, S> {
  const { status = 'Running' } = progress;
  const expiresDateTime = expiryAfter(kind, before.request, now);
  const worked = { ...before, ...progress, status, lastActionDateTime: now, expiresDateTime };
  return isFinished(worked) ? { ...worked, completedDateTime: now, checkDateTime: expiresDateTime } : worked;
}
