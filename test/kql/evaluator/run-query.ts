/**
 * Runs the queries of infra/alerts over given rows: the operators and functions they use, and no others. That names
 * and types are right is for the language service to say.
 */
import { evaluate, type Row, type Scope } from './scalars.ts';
import { summarize } from './summarize.ts';
import { childOf, namedPart, parseTree, unknown, type Tree } from './tree.ts';

export type Tables = Readonly<Record<string, readonly Row[]>>;

interface Run extends Scope {
  readonly tables: Tables;
}

/** @throws `... is not known to the evaluator.` */
export function runQuery(query: string, tables: Tables, now: Date): readonly Row[] {
  const statements = parseTree(query).children;
  const last = statements.at(-1);
  if (last?.type !== 'ExpressionStatement') throw new Error('The query gives nothing.');
  let run: Run = { now, tables, lets: {} };
  for (const statement of statements.slice(0, -1)) run = withLet(statement, run);
  return rowsOf(childOf(last, 0), run);
}

function withLet(statement: Tree, run: Run): Run {
  const [name, expression] = namedPart(statement);
  if (statement.type !== 'LetStatement' || expression.type !== 'ToScalarExpression')
    return unknown(statement);
  const first = rowsOf(childOf(expression, 0), run)[0] ?? {};
  return { ...run, lets: { ...run.lets, [name]: Object.values(first)[0] ?? null } };
}

function rowsOf(tree: Tree, run: Run): readonly Row[] {
  if (tree.type === 'NameReference') return run.tables[tree.text] ?? unknown(tree);
  if (tree.type !== 'PipeExpression') return unknown(tree);
  const rows = rowsOf(childOf(tree, 0), run);
  const operator = childOf(tree, 1);
  switch (operator.type) {
    case 'FilterOperator':
      return rows.filter((row) => evaluate(childOf(operator, 0), row, run) === true);
    case 'ExtendOperator':
      return rows.map((row) => ({ ...row, ...columnsOf(operator, row, run) }));
    case 'ProjectOperator':
      return rows.map((row) => columnsOf(operator, row, run));
    case 'CountOperator':
      return [{ Count: rows.length }];
    case 'SummarizeOperator':
      return summarize(operator, rows, run);
    default:
      return unknown(operator);
  }
}

function columnsOf(operator: Tree, row: Row, run: Run): Row {
  const parts = operator.children.map(namedPart);
  return Object.fromEntries(parts.map(([name, expression]) => [name, evaluate(expression, row, run)]));
}
