/** The ports through which Auditkeep reports about itself. */
import type { TelemetryEvent } from './telemetry/events.ts';
import type { DimensionsOf, MetricName } from './telemetry/metrics.ts';

/** Ids, counts, codes and durations, never record content. */
export type TelemetryFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Reports one event. Must not throw and must not wait. */
export type Telemetry = (event: TelemetryEvent, fields: TelemetryFields) => void;

/**
 * Reports one measurement: the increment of a counter, or the current value of a gauge.
 * Must not throw and must not wait.
 */
export type Meter = <Name extends MetricName>(
  metric: Name,
  value: number,
  dimensions: DimensionsOf<Name>,
) => void;
