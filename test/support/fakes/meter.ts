/** Records measurements. */
import type { Meter } from '../../../shared/telemetry.ts';
import type { MetricName } from '../../../shared/telemetry/metrics.ts';

export interface RecordedMeasurement {
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface RecordingMeter {
  readonly meter: Meter;
  /** All measurements of one metric, in order. */
  of(metric: MetricName): readonly RecordedMeasurement[];
}

export function createRecordingMeter(): RecordingMeter {
  const measured: (RecordedMeasurement & { readonly metric: MetricName })[] = [];
  return {
    meter: (metric, value, dimensions) => void measured.push({ metric, value, dimensions }),
    of: (metric) =>
      measured
        .filter((each) => each.metric === metric)
        .map(({ value, dimensions }) => ({ value, dimensions })),
  };
}
