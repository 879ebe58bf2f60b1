/** Batches that ingestion refuses for a transient reason are sent again: some events are sent only once, and alerts need them. */
import { setTimeout } from 'node:timers/promises';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { IngestionRefusedError } from './ingestion-refusals.ts';

export interface RetrySchedule {
  /** Before each further attempt, in milliseconds. */
  readonly waitsMs: readonly number[];
  /** An attempt that takes longer has failed, in milliseconds. */
  readonly attemptMs: number;
}

export interface RetryingSender {
  /** Sends a batch, with retries; resolves with the number of its records that were not accepted. */
  readonly send: (records: readonly ReadableLogRecord[]) => Promise<number>;
  /** Makes pending attempts immediately. */
  readonly hurry: () => void;
  readonly shutdown: () => Promise<void>;
}

export function createRetryingSender(
  exporter: LogRecordExporter,
  { waitsMs, attemptMs }: RetrySchedule,
): RetryingSender {
  let waiting = new AbortController();
  const wait = (ms: number) =>
    setTimeout(ms, undefined, { ref: false, signal: waiting.signal }).catch(() => undefined);
  return {
    async send(records) {
      let refused = await attempt(exporter, records, attemptMs);
      for (const ms of waitsMs) {
        if (refused.again.length === 0) break;
        await wait(ms);
        const { again, lost } = await attempt(exporter, refused.again, attemptMs);
        refused = { again, lost: refused.lost + lost };
      }
      return refused.again.length + refused.lost;
    },
    hurry: () => {
      waiting.abort();
      waiting = new AbortController();
    },
    shutdown: () => exporter.shutdown(),
  };
}

interface Refused {
  /** May be accepted later. */
  readonly again: readonly ReadableLogRecord[];
  /** The number that never will be. */
  readonly lost: number;
}

async function attempt(
  exporter: LogRecordExporter,
  records: readonly ReadableLogRecord[],
  limitMs: number,
): Promise<Refused> {
  const ended = new AbortController();
  const timeout = setTimeout(limitMs, { again: records, lost: 0 }, { ref: false, signal: ended.signal });
  const answer = new Promise<Refused>((resolve) => {
    exporter.export([...records], ({ code, error }) => {
      // 0 is success; every other code means that something was not accepted.
      const outcome: number = code;
      resolve(outcome === 0 ? { again: [], lost: 0 } : classifyError(records, error));
    });
  });
  return Promise.race([answer, timeout]).finally(() => {
    ended.abort();
  });
}

/** An unknown error may be transient. */
function classifyError(records: readonly ReadableLogRecord[], error: unknown): Refused {
  const refusal = error instanceof IngestionRefusedError ? error.refusal : 'transient';
  if (refusal === 'transient') return { again: records, lost: 0 };
  if (refusal === 'final') return { again: [], lost: records.length };
  const later = new Set(refusal.later);
  return { again: records.filter((_, at) => later.has(at)), lost: refusal.lost };
}
