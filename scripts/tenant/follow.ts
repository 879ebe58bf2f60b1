/** Polls something that the API is working on until it is finished. */
import type { Read, Session } from './api.ts';
import { HttpFailure } from '../command-line/http.ts';

export interface Followed<T> {
  readonly read: () => Promise<Read<T>>;
  readonly isFinished: (value: T) => boolean;
  /** Called with every value read, the last one included. */
  readonly onRead: (value: T) => void;
  /** Milliseconds before the first read, and between reads where the API names no other time. */
  readonly waitMs: number;
  /** When aborted, the next read does not wait. */
  readonly wake?: AbortSignal;
}

/** The work continues in the cloud while it cannot be reached from here. */
const outageWaitMs = 30_000;
const mostOutageWaits = 120;

/**
 * Resolves with the last value read. Survives a lost connection for up to an hour.
 * @throws HttpFailure when a read is refused, or the API is unreachable for longer
 */
export async function follow<T>(
  { pause, notify }: Pick<Session, 'pause' | 'notify'>,
  followed: Followed<T>,
): Promise<Read<T>> {
  const { read, isFinished, onRead, wake } = followed;
  let waitMs = followed.waitMs;
  let failures = 0;
  for (;;) {
    await pause(waitMs, wake?.aborted === true ? undefined : wake);
    try {
      const seen = await read();
      onRead(seen.value);
      if (isFinished(seen.value)) return seen;
      failures = 0;
      waitMs = seen.retryAfterMs ?? followed.waitMs;
    } catch (error) {
      failures += 1;
      if (!isTransient(error) || failures > mostOutageWaits) throw error;
      if (failures === 1)
        notify('The work continues in the cloud; waiting until the API can be reached again.');
      waitMs = Math.max(outageWaitMs, error.refusal.retryAfterMs ?? 0);
    }
  }
}

function isTransient(error: unknown): error is HttpFailure {
  return error instanceof HttpFailure && error.refusal.isTransient;
}
