/** Parses `filter`, a subset of OData's: comparisons, in, startswith, endswith, contains, and, or, not, parentheses. */
import { parseMoment } from '../../http/parameters.ts';
import { incomparable, mismatch, typeOfMember, wholeRecord } from './filter-members.ts';
import { orderings, searches, type FilterNode, type Literal } from './filter-node.ts';
import { FilterSyntaxError, refuseLostPlus, tokenize, type Token } from './tokens.ts';

export type { FilterNode } from './filter-node.ts';

export const maxFilterLength = 8000;
const maxDepth = 20;
const maxNodes = 200;
const maxListValues = 100;

interface Parsing {
  readonly text: string;
  readonly tokens: readonly Token[];
  next: number;
  nodes: number;
}

/** Bounded in depth and number of comparisons. @throws FilterSyntaxError */
export function parseFilter(text: string): FilterNode {
  const parsing: Parsing = { text, tokens: tokenize(text), next: 0, nodes: 0 };
  const node = parseOr(parsing, 0);
  expect(parsing, 'end', "expected 'and', 'or' or the end");
  return node;
}

function parseOr(parsing: Parsing, depth: number): FilterNode {
  return parseJoined(parsing, 'or', () => parseAnd(parsing, depth));
}

function parseAnd(parsing: Parsing, depth: number): FilterNode {
  return parseJoined(parsing, 'and', () => parseNot(parsing, depth));
}

function parseJoined(parsing: Parsing, op: 'and' | 'or', parseOne: () => FilterNode): FilterNode {
  const first = parseOne();
  const nodes = [first];
  while (takeWord(parsing, op)) nodes.push(parseOne());
  return nodes.length === 1 ? first : { op, nodes };
}

function parseNot(parsing: Parsing, depth: number): FilterNode {
  const { at } = peek(parsing);
  if (depth >= maxDepth) throw new FilterSyntaxError(at, `nested deeper than ${maxDepth} levels`);
  if (takeWord(parsing, 'not')) return { op: 'not', node: parseNot(parsing, depth + 1) };
  if (!take(parsing, 'open')) return parseComparison(parsing);
  const node = parseOr(parsing, depth + 1);
  expect(parsing, 'close', "expected ')'");
  return node;
}

function parseComparison(parsing: Parsing): FilterNode {
  const { at } = peek(parsing);
  if (++parsing.nodes > maxNodes) throw new FilterSyntaxError(at, `more than ${maxNodes} comparisons`);
  const member = expect(parsing, 'word', 'expected a member or a function');
  if (take(parsing, 'open')) return parseSearch(parsing, member, at);
  refuseIncomparable(member, at);
  return parseOperation(parsing, member, at);
}

/** What follows the member, which begins at a character. */
function parseOperation(parsing: Parsing, member: string, memberAt: number): FilterNode {
  const { at } = peek(parsing);
  const operator = expect(parsing, 'word', 'expected eq, ne, gt, ge, lt, le or in').toLowerCase();
  if (operator === 'in') return { op: 'in', member, literals: parseList(parsing, member) };
  if (operator === 'eq') return { op: 'in', member, literals: [parseLiteral(parsing, member)] };
  if (operator === 'ne')
    return { op: 'not', node: { op: 'in', member, literals: [parseLiteral(parsing, member)] } };
  const ordering = orderings.find((one) => one === operator);
  if (ordering === undefined) throw new FilterSyntaxError(at, `unknown operator '${operator.slice(0, 20)}'`);
  const literal = parseLiteral(parsing, member);
  if (literal.type === 'null')
    throw new FilterSyntaxError(memberAt, 'null has no order; compare with eq or ne');
  return { op: ordering, member, literal };
}

/** @throws FilterSyntaxError */
function refuseIncomparable(member: string, at: number): void {
  const wrong = incomparable(member);
  if (wrong !== undefined) throw new FilterSyntaxError(at, wrong);
}

function parseSearch(parsing: Parsing, name: string, at: number): FilterNode {
  const op = searches.find((one) => one === name.toLowerCase());
  if (op === undefined) {
    throw new FilterSyntaxError(at, `unknown function '${name.slice(0, 20)}'; use ${searches.join(', ')}`);
  }
  const { at: memberAt } = peek(parsing);
  const member = expect(parsing, 'word', 'expected a member');
  expect(parsing, 'comma', "expected ','");
  const text = unquoted(expect(parsing, 'text', 'expected a text in single quotes'));
  expect(parsing, 'close', "expected ')'");
  if (member === wholeRecord && op === 'contains') return { op, member, text };
  refuseIncomparable(member, memberAt);
  const wrong = mismatch(member, { type: 'text', value: '' });
  if (wrong !== undefined) throw new FilterSyntaxError(memberAt, wrong);
  return { op, member, text };
}

function parseList(parsing: Parsing, member: string): readonly Literal[] {
  expect(parsing, 'open', "expected '('");
  const literals = [parseLiteral(parsing, member)];
  for (let { at } = peek(parsing); take(parsing, 'comma'); { at } = peek(parsing)) {
    if (literals.length >= maxListValues) {
      throw new FilterSyntaxError(at, `the list has more than ${maxListValues} values`);
    }
    literals.push(parseLiteral(parsing, member));
  }
  expect(parsing, 'close', "expected ',' or ')'");
  return literals;
}

function parseLiteral(parsing: Parsing, member: string): Literal {
  const token = peek(parsing);
  const isMoment = typeOfMember(member) === 'moment';
  if (isMoment && token.kind === 'text') refuseLostPlus(parsing.text, token.at + 1);
  const literal = literalOf(token, isMoment);
  if (literal === undefined) {
    const examples = "'text', 6, 2026-03-02T09:00:00Z, true, false or null";
    throw new FilterSyntaxError(token.at, `expected a value: ${examples}`);
  }
  const wrong = mismatch(member, literal);
  if (wrong !== undefined) throw new FilterSyntaxError(token.at, wrong);
  parsing.next++;
  return literal;
}

function literalOf({ kind, text }: Token, isMoment: boolean): Literal | undefined {
  if (kind === 'text') {
    const value = unquoted(text);
    // Many clients quote every value.
    const moment = isMoment ? momentOf(value) : undefined;
    return moment ?? { type: 'text', value };
  }
  if (kind === 'number') return { type: 'number', value: Number(text) };
  if (kind === 'moment') return momentOf(text);
  return kind === 'word' ? constants.get(text.toLowerCase()) : undefined;
}

const constants: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', { type: 'boolean', value: true }],
  ['false', { type: 'boolean', value: false }],
  ['null', { type: 'null' }],
]);

function momentOf(text: string): Literal | undefined {
  const date = parseMoment(text);
  return date === undefined ? undefined : { type: 'moment', value: date.getTime() };
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll("''", "'");
}

function peek({ tokens, next }: Parsing): Token {
  return tokens[next] ?? { kind: 'end', text: '', at: 0 };
}

function take(parsing: Parsing, kind: Token['kind']): boolean {
  const found = peek(parsing).kind === kind;
  if (found) parsing.next++;
  return found;
}

function takeWord(parsing: Parsing, wanted: string): boolean {
  const { kind, text } = peek(parsing);
  return kind === 'word' && text.toLowerCase() === wanted && take(parsing, kind);
}

/** The text of the token. */
function expect(parsing: Parsing, kind: Token['kind'], message: string): string {
  const { text, at } = peek(parsing);
  if (!take(parsing, kind)) throw new FilterSyntaxError(at, message);
  return text;
}
