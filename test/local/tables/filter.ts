/**
 * `$filter` as far as Auditkeep uses it: comparisons of a column with a text, a whole number, or a truth value, joined by
 * `and` and `or`. Anything else is refused, so that no query means less here than in Azure.
 */
import type { Column, Columns } from './columns.ts';
import { Refusal } from './refusals.ts';
import type { RowKey } from './row-store.ts';

const operators = ['eq', 'ge', 'gt', 'le', 'lt'] as const;
type Operator = (typeof operators)[number];

export interface Comparison {
  readonly kind: 'comparison';
  readonly column: string;
  readonly operator: Operator;
  readonly literal: Column;
}

export interface Junction {
  readonly kind: 'and' | 'or';
  readonly parts: readonly Filter[];
}

export type Filter = Comparison | Junction;

/** https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities#supported-comparison-operators */
const maxComparisons = 15;

const token =
  /\s*(?:(?<symbol>[()])|(?<text>'(?:[^']|'')*')|(?<number>-?\d+L?)(?![\w.])|(?<word>[A-Za-z_]\w*)(?!['\w]))\s*/uy;

/** @throws Refusal of anything else */
export function parseFilter(text: string): Filter {
  const tokens = tokensOf(text);
  let at = 0;
  let comparisons = 0;
  const next = (): string => tokens[at++] ?? '';
  const junction = (kind: 'and' | 'or', part: () => Filter): Filter => {
    const parts = [part()];
    while (tokens[at] === kind) {
      at++;
      parts.push(part());
    }
    const [first] = parts;
    return first !== undefined && parts.length === 1 ? first : { kind, parts };
  };
  const any = (): Filter => junction('or', all);
  const all = (): Filter => junction('and', primary);
  const primary = (): Filter => {
    if (tokens[at] !== '(') return comparison();
    at++;
    const inner = any();
    if (next() !== ')') throw notUnderstood(text);
    return inner;
  };
  const comparison = (): Comparison => {
    const [column, word, literal] = [next(), next(), readLiteral(next())];
    const operator = operators.find((known) => known === word);
    if (!/^[A-Za-z_]/.test(column) || operator === undefined || literal === undefined)
      throw notUnderstood(text);
    comparisons++;
    return { kind: 'comparison', column, operator, literal };
  };
  const filter = any();
  if (at < tokens.length) throw notUnderstood(text);
  if (comparisons > maxComparisons)
    throw new Refusal('InvalidInput', `A filter has at most ${maxComparisons} comparisons.`);
  return filter;
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const found = token.exec(text);
    if (found === null) throw notUnderstood(text);
    tokens.push(found[0].trim());
  }
  return tokens;
}

function readLiteral(text: string): Column | undefined {
  if (text.startsWith("'")) return { type: 'String', value: text.slice(1, -1).replaceAll("''", "'") };
  if (text === 'true' || text === 'false') return { type: 'Boolean', value: text === 'true' };
  if (/^-?\d+L$/.test(text)) return { type: 'Int64', value: text.slice(0, -1) };
  const number = Number(text);
  return /^-?\d+$/.test(text) && (number | 0) === number ? { type: 'Int32', value: number } : undefined;
}

function notUnderstood(text: string): Refusal {
  return new Refusal('NotImplemented', `The local table service does not understand the filter: ${text}`);
}

/** Whether a filter asks about keys alone, so that columns need not be read. */
export function isOfKeys(filter: Filter): boolean {
  if (filter.kind !== 'comparison') return filter.parts.every(isOfKeys);
  return filter.column === 'PartitionKey' || filter.column === 'RowKey';
}

/** A column that is missing or has another type than the literal fits no comparison. */
export function fits(filter: Filter, key: RowKey, columns: Columns): boolean {
  if (filter.kind === 'comparison') return compares(filter, columnOf(filter.column, key, columns));
  const partFits = (part: Filter): boolean => fits(part, key, columns);
  return filter.kind === 'and' ? filter.parts.every(partFits) : filter.parts.some(partFits);
}

function compares({ operator, literal }: Comparison, found: Column | undefined): boolean {
  if (found?.type !== literal.type) return false;
  return holds(operator, comparable(found), comparable(literal));
}

function columnOf(name: string, key: RowKey, columns: Columns): Column | undefined {
  if (name === 'PartitionKey') return { type: 'String', value: key.partitionKey };
  if (name === 'RowKey') return { type: 'String', value: key.rowKey };
  return columns.get(name);
}

function comparable({ type, value }: Column): string | number | boolean | bigint {
  return type === 'Int64' ? BigInt(value) : value;
}

export function holds<T extends string | number | boolean | bigint>(
  operator: Operator,
  left: T,
  right: T,
): boolean {
  switch (operator) {
    case 'eq':
      return left === right;
    case 'ge':
      return left >= right;
    case 'gt':
      return left > right;
    case 'le':
      return left <= right;
    case 'lt':
      return left < right;
  }
}
