/** The operator summarize: one row for each group, or one for all rows, even if there are none. */
import * as z from 'zod';
import { evaluate, type Row, type Scope, type Value } from './scalars.ts';
import { childOf, namedPart, unknown, type Tree } from './tree.ts';

type Columns = readonly (readonly [name: string, value: Value])[];

export function summarize(tree: Tree, rows: readonly Row[], scope: Scope): readonly Row[] {
  const by = tree.children.find(({ type }) => type === 'SummarizeByClause')?.children ?? [];
  const aggregates = tree.children.filter(({ type }) => type !== 'SummarizeByClause');
  return groupsOf(by, rows, scope).map(({ key, members }) =>
    withNames([...key, ...aggregates.flatMap((aggregate) => aggregateOf(aggregate, members, scope))]),
  );
}

interface Group {
  readonly key: Columns;
  readonly members: readonly Row[];
}

function groupsOf(by: readonly Tree[], rows: readonly Row[], scope: Scope): readonly Group[] {
  if (by.length === 0) return [{ key: [], members: rows }];
  const groups = new Map<string, { key: Columns; members: Row[] }>();
  for (const row of rows) {
    const key = by.map(namedPart).map(([name, tree]) => [name, evaluate(tree, row, scope)] as const);
    const group = groups.get(JSON.stringify(key)) ?? { key, members: [] };
    group.members.push(row);
    groups.set(JSON.stringify(key), group);
  }
  return [...groups.values()];
}

function aggregateOf(part: Tree, rows: readonly Row[], scope: Scope): Columns {
  const [name, tree] = namedPart(part);
  if (tree.type !== 'FunctionCallExpression') return unknown(tree);
  const values = (index: number) => numbersOf(childOf(childOf(tree, 1), index), rows, scope);
  switch (childOf(tree, 0).text) {
    case 'count':
      return [[name, rows.length]];
    case 'min':
      return [[name, rows.length === 0 ? null : Math.min(...values(0))]];
    case 'max':
      return [[name, rows.length === 0 ? null : Math.max(...values(0))]];
    case 'arg_max':
      return rowAt(tree, rows, scope, Math.max(...values(0)));
    case 'arg_min':
      return rowAt(tree, rows, scope, Math.min(...values(0)));
    default:
      return unknown(tree);
  }
}

/** Columns of the first row where the first argument is the one wanted. */
function rowAt(tree: Tree, rows: readonly Row[], scope: Scope, wanted: number): Columns {
  const columns = childOf(tree, 1).children;
  const at = numbersOf(columns[0] ?? unknown(tree), rows, scope).indexOf(wanted);
  return columns.map(namedPart).map(([name, column]) => {
    const row = rows[at];
    return [name, row === undefined ? null : evaluate(column, row, scope)];
  });
}

/** Times as milliseconds. @throws where there is none: gauges always have their value */
function numbersOf(tree: Tree, rows: readonly Row[], scope: Scope): readonly number[] {
  return rows
    .map((row) => evaluate(tree, row, scope))
    .map((value) => z.number().parse(value instanceof Date ? value.getTime() : value));
}

/** As Kusto does it: the second `TimeGenerated` is called `TimeGenerated1`. */
function withNames(columns: Columns): Row {
  const row: Record<string, Value> = {};
  for (const [name, value] of columns) row[name in row ? `${name}1` : name] = value;
  return row;
}
