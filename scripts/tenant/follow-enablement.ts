/** Follows an enablement, of one tenant or of several, to its end. */
import { onChange } from '../command-line/context.ts';
import { HttpFailure } from '../command-line/http.ts';
import type { Operation, Read, Session } from './api.ts';
import { follow } from './follow.ts';

interface Followed<T> {
  readonly read: (path: string) => Promise<Read<T>>;
  /** One line. */
  readonly progressOf: (seen: T) => string;
}

/**
 * The first Ctrl-C requests cancellation; requests in flight then end before the status is Canceled.
 * @throws HttpFailure
 */
export async function followEnablement<T extends { readonly status: string }>(
  session: Session,
  operation: Operation,
  { read, progressOf }: Followed<T>,
): Promise<Read<T>> {
  const { notify, progress } = session;
  const { path, retryAfterMs: waitMs } = operation;
  const interrupted = new AbortController();
  const stopListening = session.onInterrupt(() => {
    notify('Canceling; changes already made remain. Ctrl-C again leaves, and the enablement continues');
    interrupted.abort();
  });
  const cancelOnce = createCanceling(session, path);
  const showChange = onChange(progress);
  try {
    return await follow(session, {
      read: async () => {
        if (interrupted.signal.aborted) await cancelOnce();
        return await read(path);
      },
      isFinished: ({ status }) => status !== 'NotStarted' && status !== 'Running',
      onRead: (seen) => {
        showChange(progressOf(seen));
      },
      waitMs,
      wake: interrupted.signal,
    });
  } finally {
    stopListening();
  }
}

/** A refusal is shown, and does not end the command; a transient one is retried with the next read. */
function createCanceling({ api, notify }: Session, path: string): () => Promise<void> {
  let isRequested = false;
  return async () => {
    if (isRequested) return;
    isRequested = true;
    try {
      await api.cancelEnablement(path);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      isRequested = !error.refusal.isTransient;
      notify(`The enablement could not be canceled: ${error.message}`);
    }
  };
}
