/** Where events and measurements end up. */
import type { TelemetryFields } from '../../telemetry.ts';
import type { TelemetryEvent } from '../../telemetry/events.ts';
import type { MetricName } from '../../telemetry/metrics.ts';
import type { TraceContext } from '../../telemetry/trace-context.ts';

export interface ReportedEvent {
  readonly event: TelemetryEvent;
  readonly fields: TelemetryFields;
  readonly at: Date;
  readonly trace: TraceContext | undefined;
}

export interface Measurement {
  readonly metric: MetricName;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Never throws and never waits. */
export interface Sink {
  readonly event: (event: ReportedEvent) => void;
  readonly measure: (measurement: Measurement) => void;
  /** Resolves when what was reported so far has been sent, or could not be. */
  readonly flush: () => Promise<void>;
}
