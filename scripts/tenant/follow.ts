/** Watches something that goes on at the API until it is finished. */
import type { Read } from './api.ts';
import { ApiFailure } from './failure.ts';
import type { Session } from './session.ts';

export interface Followed<T> {
  /** Looks once. */
  readonly read: () => Promise<Read<T>>;
  readonly isFinished: (value: T) => boolean;
  /** Hears of each look, the last one included. */
  readonly onSeen: (value: T) => void;
  /** Before the first look, and between looks where the API asks for nothing else. */
  readonly waitMs: number;
  /** When aborted, it is looked at once without waiting. */
  readonly wake?: AbortSignal;
}

/** What runs there runs on while it cannot be reached from here. */
const outageWaitMs = 30_000;
const longestOutage = 120;

/**
 * Resolves with what was seen last. A connection that breaks is waited for, up to an hour.
 * @throws ApiFailure when it is refused, or cannot be reached for too long
 */
export async function follow<T>(
  { pause, say }: Pick<Session, 'pause' | 'say'>,
  followed: Followed<T>,
): Promise<Read<T>> {
  const { read, isFinished, onSeen, wake } = followed;
  let waitMs = followed.waitMs;
  let failures = 0;
  for (;;) {
    await pause(waitMs, wake?.aborted === true ? undefined : wake);
    try {
      const seen = await read();
      onSeen(seen.value);
      if (isFinished(seen.value)) return seen;
      failures = 0;
      waitMs = seen.retryAfterMs ?? followed.waitMs;
    } catch (error) {
      failures += 1;
      if (!mayPass(error) || failures > longestOutage) throw error;
      if (failures === 1) say('It goes on there; waiting until it can be reached again.');
      waitMs = Math.max(outageWaitMs, error.refusal.retryAfterMs ?? 0);
    }
  }
}

function mayPass(error: unknown): error is ApiFailure {
  return error instanceof ApiFailure && error.refusal.mayPass;
}

/** Says each text once, and again only after another one. */
export function sayChanges(say: (text: string) => void): (text: string) => void {
  let last = '';
  return (text) => {
    if (text !== last && text !== '') say(text);
    last = text;
  };
}
