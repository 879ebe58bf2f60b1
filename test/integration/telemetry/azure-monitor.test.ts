/** The real exporter, over HTTPS, against a stand-in for the ingestion endpoint. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startIngestion, type Ingestion } from '../../support/ingestion.ts';
import { startReporter, type Reporter } from '../../support/reporter-process.ts';
import { fabrikamId as tenantId } from '../../support/tenants.ts';

let ingestion: Ingestion;
let reporter: Reporter;
let connectionString: string;
let monitors = 0;

beforeAll(async () => {
  ingestion = await startIngestion();
  reporter = await startReporter(ingestion.caFile);
});
afterAll(async () => {
  await reporter.stop();
  await ingestion.stop();
});
beforeEach(() => {
  ingestion.answerWith(200);
  connectionString = `${ingestion.connectionString};Test=${++monitors}`;
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const skipped = { report: 'event', event: 'landing.poll.skipped', fields: { tenantId } } as const;
const flush = { report: 'flush' } as const;

/** What arrives while the steps are taken. */
async function arrivingBy(steps: Parameters<Reporter['report']>[1], token?: string) {
  const [events, metrics] = [ingestion.events.length, ingestion.metrics.length];
  const lines = await reporter.report(connectionString, steps, token);
  return { lines, events: ingestion.events.slice(events), metrics: ingestion.metrics.slice(metrics) };
}

describe('events', () => {
  it('arrive as rows of AppEvents, with the trace as their operation', async () => {
    const within = { function: 'run-export', traceparent: `00-${traceId}-00f067aa0ba902b7-00` };
    const fields = { tenantId, records: 7, finished: true };
    const finished = { report: 'event', event: 'landing.poll.finished', fields, within } as const;
    const { events, lines } = await arrivingBy([finished, skipped, flush]);
    const time = new Date('2026-03-10T11:00:00Z');
    const own = { invocationId: 'one', function: 'run-export' };
    expect(events).toEqual([
      {
        name: 'landing.poll.finished',
        properties: { tenantId, records: '7', finished: 'true', ...own },
        ...{ operationId: traceId, time },
      },
      { name: 'landing.poll.skipped', properties: { tenantId }, operationId: undefined, time },
    ]);
    expect(lines).toEqual([]);
  });

  it("are sent with the token of the app's identity", async () => {
    await arrivingBy([skipped, flush], 'token-of-the-identity');
    expect(ingestion.authorizations.at(-1)).toBe('Bearer token-of-the-identity');
  });
});

describe('metrics', () => {
  it('arrive as rows of AppMetrics: counters summed, gauges with their last value, once', async () => {
    const queue = 'raw-blobs-poison';
    const { metrics } = await arrivingBy([
      { report: 'records', value: 3, tenantId },
      { report: 'records', value: 4, tenantId },
      { report: 'poison', value: 2, queue },
      { report: 'poison', value: 0, queue },
      ...[flush, flush],
    ]);
    expect(metrics).toEqual([
      { name: 'auditkeep.records', value: 7, properties: { tenantId } },
      { name: 'auditkeep.poison', value: 0, properties: { queue } },
    ]);
  });

  it('of thousands of tenants keep their dimensions', async () => {
    const { metrics } = await arrivingBy([skipped, flush, { report: 'gaps', ofTenants: 3000 }, flush]);
    expect(new Set(metrics.map(({ properties }) => properties['tenantId'])).size).toBe(3000);
  });
});

describe('an ingestion that refuses events', () => {
  it('does not affect callers, and the loss is reported when it accepts events again', async () => {
    ingestion.answerWith(400);
    expect((await arrivingBy([{ ...skipped, times: 10 }, flush])).events).toEqual([]);
    ingestion.answerWith(200);
    const { events, metrics } = await arrivingBy([skipped, flush]);
    expect(events).toHaveLength(1);
    expect(metrics).toEqual([{ name: 'auditkeep.dropped', value: 10, properties: { reason: 'refused' } }]);
  });

  it.each([429, 503])('with a transient error (%i) is retried, and nothing is lost', async (status) => {
    ingestion.answerWith(status, 1);
    const { events, metrics } = await arrivingBy([{ ...skipped, times: 3 }, flush]);
    expect(events).toHaveLength(3);
    expect(metrics).toEqual([]);
  });

  it('with a transient error in part is retried for that part alone', async () => {
    ingestion.takeHalf();
    const { events, metrics } = await arrivingBy([{ ...skipped, times: 10 }, flush]);
    expect(events).toHaveLength(10);
    expect(metrics).toEqual([]);
  });

  it('holds only a bounded number of events, and counts the rest', async () => {
    const { events, metrics } = await arrivingBy([
      { ...skipped, times: 100 },
      flush,
      { ...skipped, times: 5000 },
      flush,
    ]);
    expect(events.length).toBe(100 + 2048);
    expect(metrics).toEqual([{ name: 'auditkeep.dropped', value: 2952, properties: { reason: 'full' } }]);
  });

  it('or cannot be reached throws nothing', async () => {
    connectionString = connectionString.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:9');
    expect(await reporter.report(connectionString, [skipped, flush])).toEqual([]);
  });
});

describe('a connection string that cannot be read', () => {
  it('writes events as lines of JSON, as without one', async () => {
    connectionString = 'nonsense';
    const [line = ''] = await reporter.report(connectionString, [skipped, flush]);
    expect(JSON.parse(line)).toEqual({ event: 'landing.poll.skipped', tenantId });
  });
});

/** The last test: what it leaves is resent for a while. */
describe('a process that receives SIGTERM', () => {
  it('ends within five seconds whatever ingestion does, and metrics are tried as well', async () => {
    ingestion.answerWith(503);
    const { length } = ingestion.authorizations;
    // The reporter fails when a flush takes longer.
    await arrivingBy([skipped, { report: 'records', value: 1, tenantId }, flush]);
    // The event at once and after a second, then the metric.
    expect(ingestion.authorizations.length - length).toBeGreaterThanOrEqual(3);
  });
});
