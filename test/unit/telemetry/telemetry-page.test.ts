/** docs/telemetry.md lists exactly the events and metrics that exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { telemetryEvents } from '../../../shared/telemetry/events.ts';
import { metrics } from '../../../shared/telemetry/metrics.ts';

const eventRows = Object.entries(telemetryEvents).map(([name, what]) => `| \`${name}\` | ${what} |`);
const metricRows = Object.entries(metrics).map(([name, { kind, unit, dimensions, description }]) => {
  const listed = dimensions.map((dimension) => `\`${dimension}\``).join(', ');
  return `| \`${name}\` | ${kind} | ${unit} | ${listed} | ${description} |`;
});

const page = [
  '# Telemetry',
  '',
  'What Auditkeep reports about itself, for alerts, the workbook, and operators. Events and metrics go to Application Insights',
  'if `APPLICATIONINSIGHTS_CONNECTION_STRING` is set; otherwise they are written to standard output as lines of JSON. The lists',
  'on this page are generated from `shared/telemetry/`: `npx vitest run test/unit/telemetry -u` regenerates them.',
  '[ADR 8](adr/0008-telemetry-through-the-exporter.md) explains the design.',
  '',
  '## Where to look',
  '',
  '| workspace table | contents |',
  '| --- | --- |',
  '| `AppEvents` | our events: `Name`, all fields as strings in `Properties`, the trace in `OperationId` |',
  '| `AppMetrics` | our metrics: `Name`, dimensions in `Properties`; for counters, add up `Sum`; for gauges, `Sum` is the value |',
  '| `AppRequests` | the host: one row per invocation, with its outcome |',
  "| `AppExceptions`, `AppTraces` | the host: errors with their stack traces, and the host's own log |",
  '',
  'Fields contain IDs, counts, codes, and durations, but never record content, tokens, or filter values. Every event within an',
  'invocation has `function` and `invocationId`; `AppRequests` and `AppTraces` have the same ID in `Properties.InvocationId`.',
  'Numbers and booleans are strings as well: `true` is `"true"`, so a poll that succeeded is',
  '`tostring(Properties.succeeded) == "true"`.',
  '',
  '## Tracing',
  '',
  'One trace covers everything that a request causes. A request may send its trace in the `traceparent` header (W3C Trace',
  'Context), and the answer returns it; otherwise the host starts a trace, as it does for timers. Every queue message sent along',
  'the way carries it in a `traceparent` member, and its handler continues the trace. A landing stores it in the column',
  '`traceId` of its row in the table `Landings`.',
  '',
  'To find everything that a request caused:',
  '',
  '```kusto',
  'AppEvents',
  '| where OperationId == "4bf92f3577b34da6a3ce929d0e0e4736"',
  '| project TimeGenerated, Name, Function = tostring(Properties.function), Properties',
  '| order by TimeGenerated asc',
  '```',
  '',
  'To find the origin of a record: its `ingestedDateTime` is the time when it landed, and landing IDs start with that time',
  '(`20260310T110000000-…` for 2026-03-10T11:00:00.000Z). The row of that landing (partition key: the tenant) has the trace of',
  'the poll that fetched it; `index.landing.finished` has the same `landingId`.',
  '',
  'To find the trace of a request by its ID: `x-ms-request-id` of the answer is `requestId` of `functions.invocation.finished`.',
  '',
  '```kusto',
  'AppEvents',
  '| where Name == "functions.invocation.finished" and Properties.requestId == "0f8fad5b-d9cb-469f-a165-70867728950e"',
  '| project TimeGenerated, OperationId, Properties',
  '```',
  '',
  '## Events',
  '',
  'This is the complete list.',
  '',
  '| event | meaning |',
  '| --- | --- |',
  ...eventRows,
  '',
  '## Metrics',
  '',
  'The function `watch-collection` measures gauges every 15 minutes. Counters are reported where the work is done.',
  '',
  '| metric | kind | unit | dimensions | meaning |',
  '| --- | --- | --- | --- | --- |',
  ...metricRows,
  '',
  '`auditkeep.dollars` is an estimate at list prices (`shared/telemetry/prices.ts`, with their date): the duration of the',
  'invocation, at least one second, times 0.5 GB, the execution itself, and every request to the storage account during it,',
  'including retries. It is an upper bound for compute, because Azure bills an instance once for everything that runs on it at the',
  'same time, and the monthly free grant is not deducted. It does not include data at rest, this log, the queue polls of the host,',
  'or what a streamed answer reads after its handler has returned.',
  '',
  'The credential is checked once a day, by the first run after 06:00 UTC. The expiry date of a certificate is read from the',
  'certificate; that of a secret must be set in `AUDITKEEP_CLIENT_SECRET_EXPIRES`; a managed identity has none.',
  '',
  'An event is sent once. Conditions that must not be missed (gaps, refused tenants) are therefore also gauges, measured every 15',
  'minutes. A batch of events that ingestion temporarily refuses (429, 5xx, no connection) is retried for half a minute before it',
  'counts as `auditkeep.dropped`; a process that is asked to stop has five seconds for all of them.',
  '',
  '## Cost',
  '',
  'Log Analytics includes 5 GB a month for free and costs about 2.30 to 2.76 dollars per GB beyond that. An event is about 1 KB. A',
  'metric is about the same for each series and half minute in which it was measured.',
  '',
  '| source | rows a month |',
  '| --- | --- |',
  '| timers and their measurements, regardless of what is collected | about 61,000 |',
  '| a tenant that is polled every 5 minutes | 9,000 events; a quiet one 1,500 |',
  '| the gauges of a tenant with five content types | 23,000 metrics |',
  '| a request | 2 events and a share of one metric |',
  '| a landing | 3 events and 3 metrics |',
  '',
  '[Cost](cost.md) adds this up for three sizes. Records do not produce a row each, except the few that cannot be parsed or that',
  'show auditing being switched off. `watch-collection` itself makes four storage requests per tenant and one per queue: two cents',
  'a month for 50 tenants.',
  '',
];

describe('docs/telemetry.md', () => {
  it('lists all events and metrics', async () => {
    await expect(page.join('\n')).toMatchFileSnapshot('../../../docs/telemetry.md');
  });
});

describe('the list of events', () => {
  const sources = ['shared', 'functions'].flatMap((folder) =>
    readdirSync(new URL(`../../../${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('telemetry'))
      .map((file) => readFileSync(new URL(`../../../${folder}/${file}`, import.meta.url), 'utf8')),
  );
  const isNamed = (name: string) => sources.some((source) => source.includes(`'${name}'`));

  it('has no name that is never reported', () => {
    const unused = [...Object.keys(telemetryEvents), ...Object.keys(metrics)].filter(
      (name) => !isNamed(name),
    );
    expect(unused).toEqual([]);
  });

  it('is sorted, and every name is area, noun, and past participle', () => {
    const names = Object.keys(telemetryEvents);
    expect(names).toEqual([...names].sort());
    for (const name of names) expect(name).toMatch(/^[a-z]+\.[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/);
  });
});
