/** What the template of a destination makes in the resource group of a workspace; and that rows fit its table. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { logAnalytics, logAnalyticsSettings } from '../../shared/destinations/kinds/log-analytics.ts';
import type { OutgoingRecord } from '../../shared/destinations/outgoing.ts';
import { destinationColumns } from '../kql/destination-columns.ts';
import { outgoingRecord } from '../support/destinations/outgoing-records.ts';
import { listAt, loadSnapshot, namesOf, ofType, valueAt } from './snapshot.ts';

const snapshot = loadSnapshot('log-analytics', 'destinations');
const rules = ofType(snapshot, 'Microsoft.Insights/dataCollectionRules');
const settings = logAnalyticsSettings.parse({
  endpoint: 'https://a.ingest.monitor.azure.com',
  immutableId: `dcr-${'0'.repeat(32)}`,
});

const complete = {
  UserKey: 'key',
  UserType: 0,
  ClientIP: '192.0.2.1',
  ObjectId: 'object',
  ResultStatus: 'Succeeded',
};

function rowOf(record: OutgoingRecord): Readonly<Record<string, unknown>> {
  const text = logAnalytics.encode(record, settings).toString('utf8');
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

/** What a column of a type takes. */
const takes: Readonly<Record<string, z.ZodType>> = {
  string: z.string(),
  datetime: z.iso.datetime(),
  int: z.int32(),
  long: z.int(),
  bool: z.boolean(),
  dynamic: z.unknown(),
};

describe('the table', () => {
  it('has a column for each that rows have, and no other', () => {
    const row = rowOf(outgoingRecord(complete, { truncated: true }));
    expect(Object.keys(row).sort()).toEqual(Object.keys(destinationColumns).sort());
  });

  it.each([outgoingRecord(complete), outgoingRecord(complete, { truncated: true })])(
    'has the types of their values',
    (record) => {
      const wrong = Object.entries(rowOf(record)).filter(
        ([name, value]) => takes[destinationColumns[name] ?? '']?.safeParse(value).success !== true,
      );
      expect(wrong).toEqual([]);
    },
  );

  // https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview#supported-tables
  it('has names that Azure Monitor takes', () => {
    const reserved = ['_resourceid', 'id', '_subscriptionid', 'tenantid', 'type', 'uniqueid', 'title'];
    const refused = Object.keys(destinationColumns).filter(
      (name) => reserved.includes(name.toLowerCase()) || !/^[a-z]\w{0,44}$/i.test(name),
    );
    expect(refused).toEqual([]);
    expect(namesOf(snapshot, 'Microsoft.OperationalInsights/workspaces/tables')).toEqual([
      'AuditkeepRecords_CL',
    ]);
  });
});

describe('the data collection rule', () => {
  const [rule] = rules;

  it('has an endpoint of its own', () => {
    expect(rules).toHaveLength(1);
    expect(rule).toMatchObject({ kind: 'Direct' });
  });

  it('takes the columns of the table in the stream that destinations send to by default', () => {
    const stream = z
      .array(z.object({ name: z.string(), type: z.string() }))
      .parse(listAt(rule, `properties.streamDeclarations.${settings.stream}.columns`));
    const declared = stream.map(({ name, type }) => [name, type.replace('boolean', 'bool')]);
    expect(Object.fromEntries(declared)).toEqual(destinationColumns);
  });

  it('passes rows to the table as they are', () => {
    expect(listAt(rule, 'properties.dataFlows')).toEqual([
      {
        streams: [settings.stream],
        destinations: ['workspace'],
        transformKql: 'source',
        outputStream: 'Custom-AuditkeepRecords_CL',
      },
    ]);
  });

  it('logs rows that could not be stored', () => {
    const [errors] = ofType(snapshot, 'Microsoft.Insights/diagnosticSettings');
    expect(errors?.id).toContain(rule?.id);
    expect(listAt(errors, 'properties.logs')).toEqual([{ categoryGroup: 'allLogs', enabled: true }]);
  });

  it('is all that the app may write to', () => {
    const assignments = ofType(snapshot, 'Microsoft.Authorization/roleAssignments');
    expect(assignments).toHaveLength(1);
    expect(assignments[0]?.id).toContain(`${rule?.id ?? 'none'}/`);
    expect(valueAt(assignments[0], 'properties.roleDefinitionId')).toMatch(
      /\/3913510d-42f4-4e42-8a64-420c390055eb$/,
    );
  });
});

it('the function in the workspace is the query that is checked', () => {
  const [search] = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces/savedSearches');
  expect(valueAt(search, 'properties.functionAlias')).toBe('OfficeActivity_Auditkeep');
  expect(valueAt(search, 'properties.query')).toBe(
    readFileSync('infra/destinations/office-activity.kql', 'utf8'),
  );
});

it('the outputs are the settings of the destination', () => {
  const settingsOfKind = Object.keys(logAnalyticsSettings.shape);
  expect(Object.keys(snapshot.outputs).filter((name) => !settingsOfKind.includes(name))).toEqual([]);
  expect(Object.keys(snapshot.outputs).sort()).toEqual(['endpoint', 'immutableId', 'stream']);
});
