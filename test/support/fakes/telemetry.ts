/** Records reported events. */
import type { Telemetry, TelemetryFields } from '../../../shared/telemetry.ts';
import type { TelemetryEvent } from '../../../shared/telemetry/events.ts';

export interface ReportedEvent {
  readonly event: TelemetryEvent;
  readonly fields: TelemetryFields;
}

export interface RecordingTelemetry {
  readonly telemetry: Telemetry;
  readonly reported: readonly ReportedEvent[];
  /** Fields of all reports of one event, in order. */
  of(event: TelemetryEvent): readonly TelemetryFields[];
}

export function createRecordingTelemetry(): RecordingTelemetry {
  const reported: ReportedEvent[] = [];
  return {
    telemetry: (event, fields) => void reported.push({ event, fields }),
    reported,
    of: (event) => reported.filter((report) => report.event === event).map(({ fields }) => fields),
  };
}
