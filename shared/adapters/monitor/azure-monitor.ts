/** Events and metrics to Application Insights, in batches. */
import { setTimeout } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { AzureMonitorLogExporter, AzureMonitorMetricExporter } from '@azure/monitor-opentelemetry-exporter';
import { ROOT_CONTEXT, trace as traceApi, TraceFlags, type Context } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { metrics, type MetricDescription, type MetricName } from '../../telemetry/metrics.ts';
import type { TraceContext } from '../../telemetry/trace-context.ts';
import { countingDrops } from './counting-drops.ts';
import { refusalPolicies } from './ingestion-refusals.ts';
import type { Measurement, ReportedEvent, Sink } from './sink.ts';
import { createRetryingSender, type RetrySchedule } from './retrying-sender.ts';

export interface AzureMonitorOptions {
  readonly connectionString: string;
  readonly credential: TokenCredential | undefined;
}

const batchMs = 5_000;
/** Metrics are aggregated in between: each series is one row of the log however often it was measured. */
const metricsMs = 30_000;
const maxWaitingEvents = 2048;
const maxBatchEvents = 512;
/** Gauges of five content types for a few thousand tenants; OpenTelemetry folds further series into one. */
const maxSeries = 20_000;
const exportLimitMs = 20_000;
/** Half a minute in all: longer outages lose events, as the buffer fills meanwhile. */
const retries: RetrySchedule = { waitsMs: [1_000, 2_000, 4_000, 8_000, 15_000], attemptMs: exportLimitMs };
/** The share of events in the few seconds that a process has after SIGTERM; metrics need the rest. */
const flushEventsMs = 3_000;

/** The attribute that makes a log record an event of its own. */
const eventName = 'microsoft.custom_event.name';

/** @throws when the connection string is malformed */
export function createAzureMonitor({ connectionString, credential }: AzureMonitorOptions): Sink {
  // Otherwise the exporter reports about itself to Microsoft every 15 minutes.
  process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] ??= 'true';
  const options = {
    connectionString,
    // An instance's disk does not outlive its memory by much.
    disableOfflineStorage: true,
    ...(credential === undefined ? {} : { credential }),
  };
  const resource = resourceFromAttributes({ 'service.name': 'auditkeep' });
  const readers = [createReader(new AzureMonitorMetricExporter(options))];
  const meterProvider = new MeterProvider({ resource, readers });
  const measure = createInstruments(meterProvider);
  const events = new AzureMonitorLogExporter({
    ...options,
    // Retries happen here, which requires every refusal.
    retryOptions: { maxRetries: 0 },
    additionalPolicies: refusalPolicies,
  });
  const processor = countingDrops(createRetryingSender(events, retries), {
    maxWaiting: maxWaitingEvents,
    reportDrops: (reason, value) => {
      measure({ metric: 'auditkeep.dropped', value, dimensions: { reason } });
    },
    batch: (exporter) =>
      new BatchLogRecordProcessor(exporter, {
        scheduledDelayMillis: batchMs,
        maxQueueSize: maxWaitingEvents,
        maxExportBatchSize: maxBatchEvents,
        exportTimeoutMillis: longestMs(retries),
      }),
  });
  const loggerProvider = new LoggerProvider({ resource, processors: [processor] });
  const logger = loggerProvider.getLogger('auditkeep');
  return {
    event: ({ event, fields, at, trace }: ReportedEvent) => {
      logger.emit({
        timestamp: at,
        attributes: { ...fields, [eventName]: event },
        context: contextOf(trace),
      });
    },
    measure,
    flush: async () => {
      // One may fail without the other; the caller can handle neither.
      const flushed = loggerProvider.forceFlush().catch(() => undefined);
      await Promise.race([flushed, setTimeout(flushEventsMs, undefined, { ref: false })]);
      await meterProvider.forceFlush().catch(() => undefined);
    },
  };
}

/** The longest time until a batch is given up. */
function longestMs({ waitsMs, attemptMs }: RetrySchedule): number {
  return waitsMs.reduce((sum, waitMs) => sum + waitMs + attemptMs, 2 * attemptMs);
}

function createReader(exporter: AzureMonitorMetricExporter): PeriodicExportingMetricReader {
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: metricsMs,
    exportTimeoutMillis: exportLimitMs,
    cardinalityLimits: { default: maxSeries },
  });
}

/** The id of the trace becomes OperationId in the log. */
function contextOf(trace: TraceContext | undefined): Context {
  if (trace === undefined) return ROOT_CONTEXT;
  const { traceId, spanId } = trace;
  return traceApi.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED });
}

function createInstruments(provider: MeterProvider): Sink['measure'] {
  const meter = provider.getMeter('auditkeep');
  const instruments = new Map<MetricName, (value: number, dimensions: Measurement['dimensions']) => void>();
  const instrumentOf = (name: MetricName) => {
    const { kind, unit, description }: MetricDescription = metrics[name];
    if (kind === 'gauge') {
      const gauge = meter.createGauge(name, { unit, description });
      return gauge.record.bind(gauge);
    }
    const counter = meter.createCounter(name, { unit, description });
    return counter.add.bind(counter);
  };
  return ({ metric, value, dimensions }) => {
    const record = instruments.get(metric) ?? instrumentOf(metric);
    instruments.set(metric, record);
    record(value, dimensions);
  };
}
