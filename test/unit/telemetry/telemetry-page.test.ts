/** The page about telemetry lists exactly what there is. */
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
  'What Auditkeep reports about itself, so that alerts, the workbook and people can hold on to it. Events and metrics go to',
  'Application Insights where `APPLICATIONINSIGHTS_CONNECTION_STRING` is set, and are lines of JSON on standard output where',
  'it is not. The lists on this page are made from `shared/telemetry/`: `npx vitest run test/unit/telemetry -u` writes it anew.',
  '[ADR 8](adr/0008-telemetry-through-the-exporter.md) tells why it is done this way.',
  '',
  '## Where to look',
  '',
  '| table of the workspace | holds |',
  '| --- | --- |',
  '| `AppEvents` | our events: `Name`, all fields as texts in `Properties`, the trace in `OperationId` |',
  '| `AppMetrics` | our metrics: `Name`, dimensions in `Properties`; counters add up in `Sum`, gauges write their value to `Sum` |',
  '| `AppRequests` | the host: one row for each invocation, with its outcome |',
  '| `AppExceptions`, `AppTraces` | the host: errors with their stack, and what the host says of itself |',
  '',
  'Fields hold ids, counts, codes and durations; never the content of a record, a token, or the value of a filter. Every',
  'event within an invocation has `function` and `invocationId`; `AppRequests` and `AppTraces` have the same id in',
  '`Properties.InvocationId`. Numbers and booleans are texts there as well: `true` is `"true"`, so a poll that succeeded is',
  '`tostring(Properties.succeeded) == "true"`.',
  '',
  '## From a request to a row',
  '',
  'One trace runs through it all. A request brings it in its header `traceparent` (W3C Trace Context) and gets it back;',
  'where it brings none the host begins one, and for a timer as well. Every message that is sent meanwhile carries it as a',
  'member `traceparent`, and whoever handles the message goes on with it. A landing keeps it: column `traceId` of its row in',
  'the table `Landings`.',
  '',
  'From a request to what came of it:',
  '',
  '```kusto',
  'AppEvents',
  '| where OperationId == "4bf92f3577b34da6a3ce929d0e0e4736"',
  '| project TimeGenerated, Name, Function = tostring(Properties.function), Properties',
  '| order by TimeGenerated asc',
  '```',
  '',
  'From a record back: its `ingestedDateTime` is when it landed, and landing ids begin with that moment (`20260310T110000000-…`',
  'for 2026-03-10T11:00:00.000Z). The row of that landing (partition key: the tenant) has the trace of the poll that brought',
  'it; `index.landing.finished` has the same `landingId`.',
  '',
  'Where a request has an id only: `x-ms-request-id` of the answer is `requestId` of `functions.invocation.finished`.',
  '',
  '```kusto',
  'AppEvents',
  '| where Name == "functions.invocation.finished" and Properties.requestId == "0f8fad5b-d9cb-469f-a165-70867728950e"',
  '| project TimeGenerated, OperationId, Properties',
  '```',
  '',
  '## Events',
  '',
  'All names there are.',
  '',
  '| event | when |',
  '| --- | --- |',
  ...eventRows,
  '',
  '## Metrics',
  '',
  'Gauges are measured every quarter of an hour by the function `watch-collection`, counters where the work is done.',
  '',
  '| metric | kind | unit | dimensions | what it says |',
  '| --- | --- | --- | --- | --- |',
  ...metricRows,
  '',
  '`auditkeep.dollars` is an estimate at list prices (`shared/telemetry/prices.ts`, with their date): the duration of the',
  'invocation, one second at least, times 0.5 GB, the execution, and every request to the storage account that was sent',
  'meanwhile, repeated ones too. It is an upper bound of the compute: Azure bills an instance once for all that runs on it at',
  'the same moment, and the monthly grant is not taken off. Not in it: data at rest, this log, what the host asks of its queues,',
  'and what a streamed answer reads after its handler has returned.',
  '',
  'The credential is looked at once a day, by the run after 06:00 UTC. A certificate tells its end itself; the end of a secret',
  'has to be told in `AUDITKEEP_CLIENT_SECRET_EXPIRES`; a managed identity has none.',
  '',
  'An event is sent once, so what must not be missed is a gauge as well and measured again every quarter of an hour: gaps,',
  'refused tenants. A batch of events that ingestion refuses for now (429, 5xx, no connection) is sent again for half a minute',
  'before it counts as `auditkeep.dropped`; a process that is told to end has five seconds for all.',
  '',
  '## What it costs',
  '',
  'Log Analytics takes 5 GB a month for nothing and about 2.30 to 2.76 dollars for each further one. An event is about 1 KB, a',
  'metric the same for each series and half minute in which it was measured.',
  '',
  '| what | rows a month |',
  '| --- | --- |',
  '| the timers and what they measure, whatever there is to collect | about 61,000 |',
  '| a tenant that is polled every 5 minutes | 9,000 events; a quiet one 1,500 |',
  '| a tenant in the watch, five content types | 23,000 metrics |',
  '| a request | 2 events and a share of one metric |',
  '| a landing | 3 events and 3 metrics |',
  '',
  '[What it costs](cost.md) adds it up for three sizes. Records cost no row each, but for the few that cannot be understood or',
  'tell that auditing was switched off. The watch itself asks storage four times for each tenant and once for each queue: two',
  'cents a month for 50 tenants.',
  '',
];

describe('the page about telemetry', () => {
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

  it('names nothing that nobody reports', () => {
    const unused = [...Object.keys(telemetryEvents), ...Object.keys(metrics)].filter(
      (name) => !isNamed(name),
    );
    expect(unused).toEqual([]);
  });

  it('is in order, and every name is stage, noun and what happened', () => {
    const names = Object.keys(telemetryEvents);
    expect(names).toEqual([...names].sort());
    for (const name of names) expect(name).toMatch(/^[a-z]+\.[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/);
  });
});
