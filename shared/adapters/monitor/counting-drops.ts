/** A batch processor for log records that counts those that were never sent. */
import {
  InMemoryLogRecordExporter,
  type LogRecordExporter,
  type LogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import type { RetryingSender } from './retrying-sender.ts';

export type DropReason = 'full' | 'refused';

export interface CountingOptions {
  /** Records that may wait to be sent, and those that are being sent. */
  readonly maxWaiting: number;
  /** Called as soon as ingestion accepts records again: before, the report would be lost as well. */
  readonly reportDrops: (reason: DropReason, count: number) => void;
  readonly batch: (exporter: LogRecordExporter) => LogRecordProcessor;
}

/** Always succeeds: the processor could not handle a failure. */
const nothing = new InMemoryLogRecordExporter();

/** OpenTelemetry's processor drops records silently, so records are counted here on their way in and out. */
export function countingDrops(sender: RetryingSender, options: CountingOptions): LogRecordProcessor {
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
        // Not earlier: records that are retried take up room.
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
