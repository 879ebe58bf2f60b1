/** Time that passes for operations: messages are delivered when they are due, and the monitor runs twice an hour. */
import type { OperationMessage } from '../../../shared/operations/operation.ts';
import { minuteMs, type Clock } from '../../support/clock.ts';

interface Sent {
  readonly message: OperationMessage;
  readonly delayMs: number;
}

export interface TimelineParts {
  readonly clock: Clock;
  /** Those that were sent since it was last called. */
  readonly take: () => readonly Sent[];
  readonly deliver: (message: OperationMessage) => Promise<void>;
  readonly monitor: () => Promise<void>;
}

export interface Timeline {
  /** Whatever is due until then happens. */
  pass(ms: number): Promise<void>;
  /** Number of messages that were sent and not yet delivered. */
  live(): number;
}

const monitorEveryMs = 30 * minuteMs;

export function createTimeline({ clock, take, deliver, monitor }: TimelineParts): Timeline {
  const now = () => clock.now().getTime();
  const waiting: { readonly message: OperationMessage; readonly dueAt: number }[] = [];
  let monitorAt = now() + monitorEveryMs;
  const collect = () => {
    for (const { message, delayMs } of take()) waiting.push({ message, dueAt: now() + delayMs });
    waiting.sort((a, b) => a.dueAt - b.dueAt);
  };
  const nextAt = () => Math.min(monitorAt, waiting[0]?.dueAt ?? Infinity);
  const happen = async (): Promise<void> => {
    const next = (waiting[0]?.dueAt ?? Infinity) <= monitorAt ? waiting.shift() : undefined;
    if (next === undefined) monitorAt += monitorEveryMs;
    await (next === undefined ? monitor() : deliver(next.message));
    collect();
  };
  return {
    live: () => waiting.length,
    async pass(ms) {
      collect();
      const end = now() + ms;
      while (nextAt() <= end) {
        clock.advance(Math.max(0, nextAt() - now()));
        await happen();
      }
      clock.advance(end - now());
    },
  };
}

/** The messages that were not taken before. */
export function taking(all: readonly Sent[]): TimelineParts['take'] {
  let taken = 0;
  return () => {
    const fresh = all.slice(taken);
    taken = all.length;
    return fresh;
  };
}
