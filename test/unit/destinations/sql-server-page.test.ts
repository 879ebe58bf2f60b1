/** What docs/destinations/sql-server.md shows is what the product does. */
import { describe, expect, it } from 'vitest';
import { views } from '../../../shared/destinations/kinds/relational/views.ts';
import { sqlServerSettings } from '../../../shared/destinations/kinds/sql-server.ts';
import { rowColumns } from '../../../shared/destinations/kinds/sql-server/row.ts';
import { sqlServerDdl } from '../../../shared/destinations/kinds/sql-server/schema.ts';
import { readDatabasePage } from '../../support/destinations/database-page.ts';

const { text: page, statements } = await readDatabasePage('sql-server');
const part = (from: string, to: string) => page.slice(page.indexOf(from), page.indexOf(to));

describe('docs/destinations/sql-server.md', () => {
  it('shows the statements that create the tables', () => {
    expect(statements.get('ddl')).toBe(sqlServerDdl('auditkeep'));
  });

  it('has every setting, column, and view', () => {
    const settings = part('## Settings', '## What is stored');
    for (const name of Object.keys(sqlServerSettings.shape)) expect(settings).toContain(`\`${name}\``);
    const stored = part('## What is stored', '## Questions');
    for (const { name } of [...rowColumns, ...views]) expect(stored).toContain(`\`${name}\``);
  });

  it('asks in all statements for columns of the table only', () => {
    for (const name of ['global-administrators', 'one-person-in-sharepoint']) {
      const selected = /^select (id, .*)\nfrom auditkeep\.records$/m.exec(statements.get(name) ?? '')?.[1];
      const known = new Set<string>(['record', ...rowColumns.map(({ name: column }) => column)]);
      const columns = selected?.split(', ') ?? [];
      expect(columns.length).toBeGreaterThan(5);
      expect(columns.filter((column) => !known.has(column))).toEqual([]);
    }
  });
});
