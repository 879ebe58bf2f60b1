/** What the app reports, as rows of telemetry. */
import type { TelemetryEvent } from '../../../shared/telemetry/events.ts';
import type { MetricName } from '../../../shared/telemetry/metrics.ts';
import type { Reported } from './fire.ts';

type Fields = Readonly<Record<string, string>>;

export function event(name: TelemetryEvent, minutesAgo: number, fields: Fields = {}): Reported {
  return { table: 'AppEvents', name, minutesAgo, fields };
}

export function metric(name: MetricName, value: number, minutesAgo: number, fields: Fields = {}): Reported {
  return { table: 'AppMetrics', name, minutesAgo, value, fields };
}

/** One gauge of one tenant or queue, several times. */
export function gauge(
  name: MetricName,
  fields: Fields,
  values: Readonly<Record<number, number>>,
): readonly Reported[] {
  return Object.entries(values).map(([minutesAgo, value]) => metric(name, value, Number(minutesAgo), fields));
}
