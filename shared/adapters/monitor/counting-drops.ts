/** A batch of log records that tells how many of them were never sent. */
import type { LogRecordExporter, LogRecordProcessor } from '@opentelemetry/sdk-logs';

export type DropReason = 'full' | 'refused';

export interface CountingOptions {
  /** Records that may wait to be sent. */
  readonly maxWaiting: number;
  /** Called as soon as ingestion takes records again: before, nobody would learn of it. */
  readonly reportDrops: (reason: DropReason, count: number) => void;
  readonly batch: (exporter: LogRecordExporter) => LogRecordProcessor;
}

/** The processor of OpenTelemetry drops in silence: what waits is counted here on its way in and out. */
export function countingDrops(exporter: LogRecordExporter, options: CountingOptions): LogRecordProcessor {
  const dropped = new Map<DropReason, number>();
  const drop = (reason: DropReason, count: number) => {
    dropped.set(reason, (dropped.get(reason) ?? 0) + count);
  };
  let waiting = 0;
  const processor = options.batch({
    export: (records, done) => {
      waiting -= records.length;
      exporter.export(records, (result) => {
        // 0 is success; all others say that nothing was taken.
        const code: number = result.code;
        if (code === 0) {
          for (const [reason, count] of dropped) options.reportDrops(reason, count);
          dropped.clear();
        } else drop('refused', records.length);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
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
