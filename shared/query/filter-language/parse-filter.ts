/** Parses `filter`, a subset of OData's: comparisons, in, startswith, endswith, contains, and, or, not, brackets. */
import { parseMoment } from '../../http/parameters.ts';
import { mismatch, typeOfMember, wholeRecord } from './filter-members.ts';
import { orderings, searches, type FilterNode, type Literal } from './filter-node.ts';
import { cutTokens, type Token } from './tokens.ts';

export type { FilterNode } from './filter-node.ts';

export type ParsedFilter =
  | { readonly kind: 'node'; readonly node: FilterNode }
  /** `at`: the character, from 0. */
  | { readonly kind: 'refused'; readonly at: number; readonly message: string };

export const maxFilterLength = 8000;
const maxDepth = 20;
const maxNodes = 200;
const maxListValues = 100;

/** Ends parsing where it cannot go on; never leaves this file. */
class Refusal extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

interface Parsing {
  readonly tokens: readonly Token[];
  next: number;
  nodes: number;
}

/** Bounded in length, depth and number of comparisons. */
export function parseFilter(text: string): ParsedFilter {
  const cut = cutTokens(text);
  if (cut.kind === 'refused') return cut;
  const parsing: Parsing = { tokens: cut.tokens, next: 0, nodes: 0 };
  try {
    const node = parseOr(parsing, 0);
    const rest = peek(parsing);
    if (rest.kind !== 'end') throw new Refusal(rest.at, 'here and, or, or the end is expected');
    return { kind: 'node', node };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'refused', at: error.at, message: error.message };
  }
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
  if (depth >= maxDepth) throw new Refusal(at, `it is nested deeper than ${maxDepth} levels`);
  if (takeWord(parsing, 'not')) return { op: 'not', node: parseNot(parsing, depth + 1) };
  if (peek(parsing).kind !== 'open') return parseComparison(parsing);
  parsing.next++;
  const node = parseOr(parsing, depth + 1);
  expectKind(parsing, 'close', 'here ) is expected');
  return node;
}

function parseComparison(parsing: Parsing): FilterNode {
  const { at } = peek(parsing);
  if (++parsing.nodes > maxNodes) throw new Refusal(at, `it has more than ${maxNodes} comparisons`);
  const word = expectWord(parsing, 'here a member or a function is expected');
  if (peek(parsing).kind === 'open') return parseSearch(parsing, word, at);
  const operator = expectWord(parsing, 'here eq, ne, gt, ge, lt, le or in is expected').toLowerCase();
  if (operator === 'in') return { op: 'in', member: word, literals: parseList(parsing, word) };
  const literal = parseLiteral(parsing, word);
  if (operator === 'eq') return { op: 'in', member: word, literals: [literal] };
  if (operator === 'ne') return { op: 'not', node: { op: 'in', member: word, literals: [literal] } };
  const ordering = orderings.find((one) => one === operator);
  if (ordering === undefined) throw new Refusal(at, `there is no operator ${operator.slice(0, 20)}`);
  if (literal.type === 'null') throw new Refusal(at, 'null has no order; compare with eq or ne');
  return { op: ordering, member: word, literal };
}

function parseSearch(parsing: Parsing, name: string, at: number): FilterNode {
  const op = searches.find((one) => one === name.toLowerCase());
  if (op === undefined)
    throw new Refusal(at, `there is no function ${name.slice(0, 20)}; known: ${searches.join(', ')}`);
  parsing.next++;
  const member = expectWord(parsing, 'here a member is expected');
  expectKind(parsing, 'comma', 'here , is expected');
  const token = peek(parsing);
  if (token.kind !== 'text') throw new Refusal(token.at, 'here a text in single quotes is expected');
  parsing.next++;
  expectKind(parsing, 'close', 'here ) is expected');
  const searchable = member === wholeRecord && op === 'contains';
  const wrong = searchable ? undefined : mismatch(member, { type: 'text', value: '' });
  if (wrong !== undefined) throw new Refusal(at, wrong);
  return { op, member, text: token.text };
}

function parseList(parsing: Parsing, member: string): readonly Literal[] {
  expectKind(parsing, 'open', 'here ( is expected');
  const literals = [parseLiteral(parsing, member)];
  while (peek(parsing).kind === 'comma') {
    const { at } = peek(parsing);
    if (literals.length >= maxListValues)
      throw new Refusal(at, `the list has more than ${maxListValues} values`);
    parsing.next++;
    literals.push(parseLiteral(parsing, member));
  }
  expectKind(parsing, 'close', 'here , or ) is expected');
  return literals;
}

function parseLiteral(parsing: Parsing, member: string): Literal {
  const token = peek(parsing);
  const literal = literalOf(token, member);
  if (literal === undefined) {
    throw new Refusal(
      token.at,
      "here a value is expected: 'text', 6, 2026-03-02T09:00:00Z, true, false or null",
    );
  }
  const wrong = mismatch(member, literal);
  if (wrong !== undefined) throw new Refusal(token.at, wrong);
  parsing.next++;
  return literal;
}

function literalOf(token: Token, member: string): Literal | undefined {
  switch (token.kind) {
    case 'text':
      // Many clients put every value in quotes.
      return (
        (typeOfMember(member) === 'moment' ? momentOf(token.text) : undefined) ?? {
          type: 'text',
          value: token.text,
        }
      );
    case 'number':
      return { type: 'number', value: token.number };
    case 'moment':
      return momentOf(token.text);
    case 'word':
      return constants.get(token.word.toLowerCase());
    case 'open':
    case 'close':
    case 'comma':
    case 'end':
      return undefined;
  }
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

function peek({ tokens, next }: Parsing): Token {
  return tokens[next] ?? { kind: 'end', at: 0 };
}

function takeWord(parsing: Parsing, wanted: string): boolean {
  const token = peek(parsing);
  const found = token.kind === 'word' && token.word.toLowerCase() === wanted;
  if (found) parsing.next++;
  return found;
}

function expectWord(parsing: Parsing, message: string): string {
  const token = peek(parsing);
  if (token.kind !== 'word') throw new Refusal(token.at, message);
  parsing.next++;
  return token.word;
}

function expectKind(parsing: Parsing, kind: Token['kind'], message: string): void {
  const token = peek(parsing);
  if (token.kind !== kind) throw new Refusal(token.at, message);
  parsing.next++;
}
