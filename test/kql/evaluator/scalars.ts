/** Values of expressions: what one row, a clock and the names that were let before it give. */
import * as z from 'zod';
import { childOf, unknown, type Tree } from './tree.ts';

/** `null` is what Kusto has where there is nothing: no comparison with it holds. */
export type Value = string | number | boolean | Date | Bag | null;
export type Bag = Readonly<Record<string, unknown>>;
export type Row = Readonly<Record<string, Value>>;

export interface Scope {
  readonly now: Date;
  readonly lets: Row;
}

type Comparison = (left: number | string, right: number | string) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

const truths = new Map([
  ['true', true],
  ['false', false],
]);

const conversions: Readonly<Record<string, (value: Value) => Value>> = {
  tostring: textOf,
  toint: (value) => {
    const number = Number(value);
    return value === null || value === '' || Number.isNaN(number) ? null : Math.trunc(number);
  },
  tobool: (value) => truths.get(textOf(value).toLowerCase()) ?? null,
};

const bag = z.record(z.string(), z.unknown());
const bagValue = z.union([z.string(), z.number(), z.boolean()]).nullable().default(null);

/** @throws for times and bags, which Kusto writes in ways of its own */
export function textOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'object')
    throw new Error('The text of a time or a bag is not known to the evaluator.');
  return String(value);
}

/** @throws at what the evaluator does not know, and at columns that the row does not have */
export function evaluate(tree: Tree, row: Row, scope: Scope): Value {
  const evaluators: Readonly<Record<string, () => Value>> = {
    ParenthesizedExpression: () => evaluate(childOf(tree, 0), row, scope),
    NameReference: () => lookUp(tree, row, scope),
    LiteralExpression: () => literalOf(tree),
    PathExpression: () => memberOf(tree, row, scope),
    BinaryExpression: () => binary(tree, row, scope),
    FunctionCallExpression: () => call(tree, row, scope),
  };
  return (evaluators[tree.type] ?? (() => unknown(tree)))();
}

function lookUp(tree: Tree, row: Row, { lets }: Scope): Value {
  const value = row[tree.text] ?? lets[tree.text];
  if (value !== undefined) return value;
  return tree.text in row ? null : unknown(tree);
}

function literalOf(tree: Tree): string | number {
  if (tree.text.startsWith('"')) return z.string().parse(JSON.parse(tree.text));
  return /^\d+$/.test(tree.text) ? Number(tree.text) : unknown(tree);
}

function memberOf(tree: Tree, row: Row, scope: Scope): Value {
  const members = bag.parse(evaluate(childOf(tree, 0), row, scope));
  return bagValue.parse(members[childOf(tree, 1).text]);
}

function binary(tree: Tree, row: Row, scope: Scope): boolean {
  const [sign = ''] = tree.tokens;
  const left = evaluate(childOf(tree, 0), row, scope);
  const right = evaluate(childOf(tree, 1), row, scope);
  if (sign === 'and') return left === true && right === true;
  if (sign === 'or') return left === true || right === true;
  if (left === null || right === null) return false;
  const [a, b] = [comparable(left), comparable(right)];
  const compare = comparisons[sign];
  if (compare === undefined || a === undefined || b === undefined || typeof a !== typeof b)
    return unknown(tree);
  return compare(a, b);
}

function comparable(value: Value): number | string | undefined {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

function call(tree: Tree, row: Row, scope: Scope): Value {
  const name = childOf(tree, 0).text;
  const [argument, ...more] = childOf(tree, 1).children;
  if (argument === undefined || more.length > 0) return unknown(tree);
  if (name === 'ago') return new Date(scope.now.getTime() - minutesIn(argument) * 60_000);
  const convert = conversions[name] ?? unknown(tree);
  return convert(evaluate(argument, row, scope));
}

/** Of a literal such as `70m`. */
function minutesIn(tree: Tree): number {
  const minutes = /^\d+m$/.test(tree.text) ? Number.parseInt(tree.text, 10) : undefined;
  return minutes ?? unknown(tree);
}
