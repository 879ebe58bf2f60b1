/** Queries hold on to names that the app reports: each of them must be in the closed lists. */
import { describe, expect, it } from 'vitest';
import { telemetryEvents } from '../../shared/telemetry/events.ts';
import { metrics } from '../../shared/telemetry/metrics.ts';
import { fieldsIn, namesIn } from './names.ts';
import { allQueries } from './queries.ts';
import { readSources } from './sources.ts';

const dimensions = new Map(
  Object.entries(metrics).map(([name, metric]): [string, readonly string[]] => [name, metric.dimensions]),
);

/** Of the events that queries read fields of; all have `function` and `invocationId` in addition. */
const eventFields: Readonly<Record<string, readonly string[]>> = {
  'enablement.drift.found': ['tenantId', 'drift'],
  'enablement.posture.checked': ['tenantId', 'problems'],
  'enablement.posture.failed': ['tenantId', 'code'],
  'functions.invocation.finished': ['trigger', 'outcome', 'status', 'requestId', 'durationMs', 'errorCode'],
  'index.record.switchedAuditingOff': ['tenantId', 'recordId', 'cmdlet'],
  'landing.gap.recorded': ['tenantId', 'contentType', 'reason', 'code'],
  'landing.poll.failed': ['tenantId', 'error'],
  'landing.poll.finished': ['tenantId', 'succeeded', 'contentBlobs', 'records', 'deferred', 'gaps', 'errors'],
  'landing.poll.handedOver': ['tenantId', 'reason'],
  'tenants.consent.lost': ['tenantId', 'code'],
  'watch.tenant.failed': ['tenantId', 'code'],
  'watch.credential.expiring': ['credential', 'daysLeft'],
};
const everyEvent = ['function', 'invocationId', 'tenantId'];
/** The Functions host adds it to its own telemetry. */
const ofTheHost = ['InvocationId'];

// Not the list of names itself.
const sources = ['shared', 'functions']
  .flatMap(readSources)
  .filter((text) => !text.includes('telemetryEvents ='));

function fieldsOf(names: readonly string[]): readonly string[] {
  return names
    .flatMap((name) => dimensions.get(name) ?? eventFields[name] ?? [])
    .concat(everyEvent, ofTheHost);
}

describe.each(allQueries.filter(({ text }) => /App(?:Events|Metrics)/.test(text)))('$where', ({ text }) => {
  it('names existing events and metrics', () => {
    const unknown = namesIn(text).filter((name) => !(name in telemetryEvents) && !(name in metrics));
    expect(unknown).toEqual([]);
  });

  it('reads existing fields', () => {
    const fields = fieldsOf(namesIn(text));
    expect(fieldsIn(text).filter((field) => !fields.includes(field))).toEqual([]);
  });
});

describe('the fields of events', () => {
  it.each(Object.entries(eventFields))('%s is reported with all its fields', (event, fields) => {
    const reporting = sources.filter((source) => source.includes(`'${event}'`)).join('\n');
    expect(fields.filter((field) => !new RegExp(`\\b${field}\\b`).test(reporting))).toEqual([]);
  });
});

describe('names in a query', () => {
  it('are found in quotes, but not in comments', () => {
    expect(
      namesIn('// "a.b.c"\nAppEvents | where Name in ("landing.gap.recorded", \'auditkeep.lag\')'),
    ).toEqual(['auditkeep.lag', 'landing.gap.recorded']);
  });

  it('are fields where Properties is read', () => {
    expect(fieldsIn('extend A = tostring(Properties.tenantId), B = Properties["code"]')).toEqual([
      'code',
      'tenantId',
    ]);
  });
});
