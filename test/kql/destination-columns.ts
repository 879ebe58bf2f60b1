/** Columns of the table that the template of a destination creates, with Kusto's names of types. */
import * as z from 'zod';
import { listAt, loadSnapshot, ofType } from '../infra/snapshot.ts';

const column = z.object({ name: z.string(), type: z.string() });

export const destinationColumns: Readonly<Record<string, string>> = Object.fromEntries(
  ofType(
    loadSnapshot('log-analytics', 'destinations'),
    'Microsoft.OperationalInsights/workspaces/tables',
  ).flatMap((table) =>
    z
      .array(column)
      .parse(listAt(table, 'properties.schema.columns'))
      .map(({ name, type }) => [name, type.toLowerCase().replace('boolean', 'bool')]),
  ),
);
