/** Batches that ingestion refuses for a passing reason are sent again: an event that an alert waits for comes once. */
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { IngestionRefusedError } from './ingestion-refusals.ts';

export interface Patience {
  /** Before each further attempt, in milliseconds. */
  readonly waitsMs: readonly number[];
  /** An attempt that takes longer has failed, in milliseconds. */
  readonly attemptMs: number;
}

export interface PatientSender {
  /** Sends a batch, several times if need be; resolves with how many of its records were not taken in the end. */
  readonly send: (records: readonly ReadableLogRecord[]) => Promise<number>;
  /** Whoever waits for the next attempt makes it now. */
  readonly hurry: () => void;
  readonly shutdown: () => Promise<void>;
}

export function tryingAgain(exporter: LogRecordExporter, { waitsMs, attemptMs }: Patience): PatientSender {
  const waiting = new Set<() => void>();
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms).unref();
      waiting.add(end);
    });
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
      for (const end of [...waiting]) end();
    },
    shutdown: () => exporter.shutdown(),
  };
}

interface Refused {
  /** May be taken later. */
  readonly again: readonly ReadableLogRecord[];
  /** How many never will be. */
  readonly lost: number;
}

function attempt(
  exporter: LogRecordExporter,
  records: readonly ReadableLogRecord[],
  limitMs: number,
): Promise<Refused> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs, { again: records, lost: 0 }).unref();
    exporter.export([...records], ({ code, error }) => {
      clearTimeout(timer);
      // 0 is success; all others say that something was not taken.
      const outcome: number = code;
      resolve(outcome === 0 ? { again: [], lost: 0 } : judge(records, error));
    });
  });
}

/** An error that nobody knows may pass. */
function judge(records: readonly ReadableLogRecord[], error: unknown): Refused {
  const refusal = error instanceof IngestionRefusedError ? error.refusal : 'passing';
  if (refusal === 'passing') return { again: records, lost: 0 };
  if (refusal === 'final') return { again: [], lost: records.length };
  const later = new Set(refusal.later);
  return { again: records.filter((_, at) => later.has(at)), lost: refusal.lost };
}
