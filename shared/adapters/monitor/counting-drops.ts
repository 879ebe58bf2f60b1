/** A batch of log records that tells how many of them were never sent. */
import {
  InMemoryLogRecordExporter,
  type LogRecordExporter,
  type LogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import type { PatientSender } from './trying-again.ts';

export type DropReason = 'full' | 'refused';

export interface CountingOptions {
  /** Records that may wait to be sent, and those that are being sent. */
  readonly maxWaiting: number;
  /** Called as soon as ingestion takes records again: before, nobody would learn of it. */
  readonly reportDrops: (reason: DropReason, count: number) => void;
  readonly batch: (exporter: LogRecordExporter) => LogRecordProcessor;
}

/** Exported, nothing always succeeds: the processor could do nothing about a failure. */
const nothing = new InMemoryLogRecordExporter();

/** The processor of OpenTelemetry drops in silence: what waits is counted here on its way in and out. */
export function countingDrops(sender: PatientSender, options: CountingOptions): LogRecordProcessor {
  const dropped = new Map<DropReason, number>();
  const drop = (reason: DropReason, count: number) => {
    dropped.set(reason, (dropped.get(reason) ?? 0) + count);
  };
  let waiting = 0;
  const reportDrops = () => {
    for (const [reason, count] of dropped) options.reportDrops(reason, count);
    dropped.clear();
  };
  const processor = options.batch({
    export: (records, done) => {
      void sender.send(records).then((refused) => {
        // Not earlier: what is tried again takes up room.
        waiting -= records.length;
        if (refused > 0) drop('refused', refused);
        if (refused < records.length) reportDrops();
        nothing.export([], done);
      });
    },
    shutdown: () => sender.shutdown(),
    forceFlush: () => {
      sender.hurry();
      return Promise.resolve();
    },
  });
  return {
    onEmit: (record, context) => {
      if (waiting >= options.maxWaiting) {
        drop('full', 1);
        return;
      }
      waiting++;
      processor.onEmit(record, context);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}
