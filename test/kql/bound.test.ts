/** Every query of the project is read by Microsoft's language service and bound to the columns of its tables. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logRules, queryOf } from './alert-rules.ts';
import { createQueryReader } from './kusto.ts';
import { officeActivity } from './office-activity.ts';
import { allQueries, declaredTables, documentQueries } from './queries.ts';
import { workspaceTables } from './workspace-tables.ts';

const read = createQueryReader(workspaceTables, declaredTables(documentQueries));

describe('queries of alerts, the workbook and the documents', () => {
  it('are found in all places', () => {
    const folders = new Set(allQueries.map(({ where }) => where.replace(/\/[^/]*$/, '')));
    expect(folders).toEqual(
      new Set(['infra/alerts', 'infra/workbook', 'infra/destinations', 'docs', 'docs/destinations']),
    );
  });

  it.each(allQueries)('$where names only existing tables and columns', ({ text }) => {
    expect(read(text).problems).toEqual([]);
  });
});

describe('the rules of alerts', () => {
  it.each(logRules)('$name is split by texts that its query returns', ({ name, dimensions }) => {
    const { columns } = read(queryOf(name));
    expect(dimensions.map((dimension) => [dimension, columns[dimension]])).toEqual(
      dimensions.map((dimension) => [dimension, 'string']),
    );
  });

  it('name the tenant if their query returns it', () => {
    const silent = logRules.filter(
      ({ name, dimensions }) => 'Tenant' in read(queryOf(name)).columns && !dimensions.includes('Tenant'),
    );
    expect(silent).toEqual([]);
  });
});

describe('the function OfficeActivity_Auditkeep', () => {
  const { columns } = read(readFileSync('infra/destinations/office-activity.kql', 'utf8'));

  it('has the columns of OfficeActivity with their types, and when and whose', () => {
    expect(columns).toEqual({ ...officeActivity, CreationTime: 'datetime', TenantName: 'string' });
  });
});

describe('mistakes', () => {
  const mistakes = {
    'a misspelt operator': 'AppEvents | wheer Name == "landing.poll.finished"',
    'an unknown column': 'AppEvents | where Nmae == "landing.poll.finished"',
    'an unknown table': 'AppEvent | count',
    'an unknown function': 'AppEvents | extend Tenant = tostrin(Properties.tenantId)',
    'a column that was projected away': 'AppEvents | project Name | where isnotempty(OperationId)',
    'a condition that is none': 'AppMetrics | where Sum + 1',
    'a table that is not declared': "external_table('RawRecord') | count",
    'a misspelt command': '.create external tabel RawRecords (line: string) kind = storage',
  };

  it.each(Object.entries(mistakes))('%s is reported', (_mistake, text) => {
    expect(read(text).problems[0]).toMatch(/^line 1: ./);
  });

  it('are reported by their line', () => {
    expect(read('AppEvents\n| where Nmae == "a"').problems).toEqual([
      "line 2: The name 'Nmae' does not refer to any known column, table, variable or function.",
    ]);
  });
});
