/** The ports of telemetry: every event carries its invocation, and reporting never waits. */
import { setTimeout } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { loadPart } from '../../lazy.ts';
import type { Meter, Telemetry } from '../../telemetry.ts';
import type { InvocationScope } from '../../telemetry/invocation-scope.ts';
import { createJsonLines } from './json-lines.ts';
import { createLazySink } from './lazy-sink.ts';
import type { Sink } from './sink.ts';

export interface MonitorOptions {
  /** Of Application Insights; without it events are lines of JSON. */
  readonly connectionString: string | undefined;
  /** Undefined if the connection string alone grants access. */
  readonly credential: TokenCredential | undefined;
  readonly scope: Pick<InvocationScope, 'getStore'>;
  readonly now: () => Date;
  /** Receives the lines of JSON. */
  readonly write: (line: string) => void;
}

export interface Monitor {
  readonly telemetry: Telemetry;
  readonly meter: Meter;
  /** Sends what is pending; resolves within seconds. */
  readonly flush: () => Promise<void>;
}

/** A process that receives SIGTERM has little time. */
const flushLimitMs = 5_000;

export function createMonitor(options: MonitorOptions): Monitor {
  const { scope, now } = options;
  const sink = createSink(options);
  return {
    telemetry: (event, fields) => {
      const current = scope.getStore();
      const invocation = current && { invocationId: current.invocationId, function: current.function };
      sink.event({ event, fields: { ...fields, ...invocation }, at: now(), trace: current?.trace });
    },
    meter: (metric, value, dimensions) => {
      sink.measure({ metric, value, dimensions });
    },
    flush: () => Promise.race([sink.flush(), setTimeout(flushLimitMs, undefined, { ref: false })]),
  };
}

function createSink({ connectionString, credential, write }: MonitorOptions): Sink {
  const lines = createJsonLines(write);
  if (connectionString === undefined) return lines;
  // Loaded with the first event, so that the app itself loads no slower.
  return createLazySink(async () => {
    const { createAzureMonitor } = await loadPart(() => import('./azure-monitor.ts'));
    return createAzureMonitor({ connectionString, credential });
  }, lines);
}
