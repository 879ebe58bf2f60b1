/** The workbook and its queries fit together: what one names the other has. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { nameOf, workbookQueries } from './queries.ts';

const text = readFileSync('infra/workbook/workbook.json', 'utf8');
const bicep = readFileSync('infra/modules/workbook.bicep', 'utf8');

const formatters = z.object({ formatters: z.array(z.object({ columnMatch: z.string() })).default([]) });
const queryItem = z.object({
  type: z.literal(3),
  name: z.string(),
  content: z.object({
    query: z.string(),
    title: z.string().min(1),
    noDataMessage: z.string().min(1),
    timeContextFromParameter: z.literal('TimeRange'),
    gridSettings: formatters.default({ formatters: [] }),
  }),
});
const item = z.discriminatedUnion('type', [
  queryItem,
  z.object({ type: z.literal(1), content: z.object({ json: z.string() }) }),
  z.object({
    type: z.literal(9),
    content: z.object({ parameters: z.array(z.object({ name: z.string(), query: z.string().optional() })) }),
  }),
]);
const { items } = z.object({ items: z.array(item) }).parse(JSON.parse(text));
const parts = items.filter((part) => part.type === 3);
const names = workbookQueries.map(nameOf);

function queryOf(name: string): string {
  return workbookQueries.find((query) => nameOf(query) === name)?.text ?? '';
}

describe('the workbook', () => {
  it('has a title, a separate query and a text for no results in every part', () => {
    expect(parts.map(({ content }) => content.query)).toEqual(parts.map(({ name }) => `@${name}`));
  });

  it('uses every query, and names only existing ones', () => {
    const named = Array.from(text.matchAll(/"@([a-z-]+)"/g), (match) => match[1] ?? '');
    expect([...new Set(named)].sort()).toEqual([...names, 'workspace'].sort());
  });

  it('is given every query by the template', () => {
    const loaded = Array.from(
      bicep.matchAll(/loadTextContent\('..\/workbook\/(.*)\.kql'\)/g),
      ([, name]) => name,
    );
    expect(loaded.sort()).toEqual(names);
  });

  it('has the parameters of its queries', () => {
    const parameters = items.flatMap((part) => (part.type === 9 ? part.content.parameters : []));
    const asked = workbookQueries.flatMap((query) =>
      Array.from(query.text.matchAll(/\{(\w+)\}/g), ([, name]) => name),
    );
    expect(parameters.map(({ name }) => name)).toEqual(['TimeRange', 'Tenant']);
    expect(new Set(asked)).toEqual(new Set(['Tenant']));
  });

  it.each(parts)('sets colors of columns in $name that its query returns', ({ name, content }) => {
    const columns = content.gridSettings.formatters.map(({ columnMatch }) => columnMatch);
    expect(columns.filter((column) => !queryOf(name).includes(column))).toEqual([]);
  });
});
