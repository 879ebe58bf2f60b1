/** The ports of telemetry: every event says which invocation it belongs to, and nobody waits for it to be sent. */
import type { TokenCredential } from '@azure/identity';
import type { Meter, Telemetry } from '../../telemetry.ts';
import type { InvocationScope } from '../../telemetry/invocation-scope.ts';
import { createJsonLines } from './json-lines.ts';
import { createLateSink } from './late-sink.ts';
import type { Sink } from './sink.ts';

export interface MonitorOptions {
  /** Of Application Insights; without it events are lines of JSON. */
  readonly connectionString: string | undefined;
  /** Undefined where the connection string alone opens the way in. */
  readonly credential: TokenCredential | undefined;
  readonly scope: Pick<InvocationScope, 'current'>;
  readonly now: () => Date;
  /** Receives the lines of JSON. */
  readonly write: (line: string) => void;
}

export interface Monitor {
  readonly telemetry: Telemetry;
  readonly meter: Meter;
  /** Sends what is left; resolves after some seconds at the latest. */
  readonly flush: () => Promise<void>;
}

/** A process that is told to end has little time. */
const flushLimitMs = 5_000;

export function createMonitor(options: MonitorOptions): Monitor {
  const { scope, now } = options;
  const sink = createSink(options);
  return {
    telemetry: (event, fields) => {
      const current = scope.current();
      const whose = current && { invocationId: current.invocationId, function: current.function };
      sink.event({ event, fields: { ...fields, ...whose }, at: now(), trace: current?.trace });
    },
    meter: (metric, value, dimensions) => {
      sink.measure({ metric, value, dimensions });
    },
    flush: () => Promise.race([sink.flush(), limit(flushLimitMs)]),
  };
}

function createSink({ connectionString, credential, write }: MonitorOptions): Sink {
  const lines = createJsonLines(write);
  if (connectionString === undefined) return lines;
  // Loaded with the first event, so that the app itself loads no slower.
  return createLateSink(async () => {
    const { createAzureMonitor } = await import('./azure-monitor.ts');
    return createAzureMonitor({ connectionString, credential });
  }, lines);
}

function limit(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
