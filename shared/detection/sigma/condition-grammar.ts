/** Parses the condition of a Sigma rule: names of selections, and, or, not, brackets, `1 of x*`, `all of them`. */
import type { Condition } from '../conditions/condition.ts';
import { createWildcard } from '../conditions/wildcards.ts';
import { allOf, anyOf } from './sigma-fields.ts';
import type { Place } from './sigma-error.ts';

interface Parsing {
  readonly tokens: readonly string[];
  next: number;
  readonly selections: ReadonlyMap<string, Condition>;
  /** Names of selections that the condition uses. */
  readonly used: Set<string>;
  readonly place: Place;
}

const maxDepth = 20;
const maxTokens = 500;

/** @param used receives the names of the selections that are in the condition @throws SigmaError */
export function parseCondition(
  text: string,
  selections: ReadonlyMap<string, Condition>,
  used: Set<string>,
  place: Place,
): Condition {
  refuseAggregation(text, place);
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  if (tokens.length > maxTokens) throw place.refused('condition', `has more than ${maxTokens} words`);
  const parsing: Parsing = { tokens, next: 0, selections, used, place };
  const condition = parseOr(parsing, 0);
  const rest = peek(parsing);
  if (rest !== undefined) throw place.refused(rest, "is unexpected: 'and' or 'or' was expected");
  return condition;
}

/** `| count() by x > 5`, as rules had before there were correlations. */
function refuseAggregation(text: string, place: Place): void {
  const [, aggregation] = /\|\s*(\w+)?/.exec(text) ?? (/\bnear\b/i.test(text) ? ['', 'near'] : []);
  if (text.includes('|') || aggregation === 'near')
    throw place.refused(
      aggregation ?? '|',
      'is an aggregation of an obsolete version of Sigma; write a correlation',
    );
}

function parseOr(parsing: Parsing, depth: number): Condition {
  return anyOf(parseJoined(parsing, 'or', () => parseAnd(parsing, depth)));
}

function parseAnd(parsing: Parsing, depth: number): Condition {
  return allOf(parseJoined(parsing, 'and', () => parseNot(parsing, depth)));
}

function parseJoined(parsing: Parsing, word: string, parse: () => Condition): readonly Condition[] {
  const conditions = [parse()];
  while (take(parsing, word)) conditions.push(parse());
  return conditions;
}

function parseNot(parsing: Parsing, depth: number): Condition {
  if (depth >= maxDepth) throw parsing.place.refused('condition', `is nested deeper than ${maxDepth} levels`);
  if (take(parsing, 'not')) return { op: 'not', condition: parseNot(parsing, depth + 1) };
  if (!take(parsing, '(')) return parseOperand(parsing);
  const condition = parseOr(parsing, depth + 1);
  if (!take(parsing, ')')) throw parsing.place.refused('condition', "has a '(' without a ')'");
  return condition;
}

function parseOperand(parsing: Parsing): Condition {
  const word = peek(parsing);
  if (word === undefined) throw parsing.place.refused('condition', 'ends where a selection was expected');
  parsing.next++;
  if (take(parsing, 'of')) return parseQuantified(parsing, word.toLowerCase());
  const selection = parsing.selections.get(word);
  if (selection === undefined) throw parsing.place.refused(word, 'is not a selection of the rule');
  parsing.used.add(word);
  return selection;
}

function parseQuantified(parsing: Parsing, quantity: string): Condition {
  const { place, selections, used } = parsing;
  const pattern = peek(parsing) ?? '';
  parsing.next++;
  const names = [...selections.keys()].filter((name) => isMeant(name, pattern));
  if (names.length === 0) throw place.refused(pattern, 'is not the name of any selection');
  for (const name of names) used.add(name);
  const conditions = names.flatMap((name) => selections.get(name) ?? []);
  if (quantity === '1' || quantity === 'any') return anyOf(conditions);
  if (quantity === 'all') return allOf(conditions);
  throw place.refused(`${quantity} of`, 'is not supported; write 1 of or all of');
}

/** Names that begin with an underscore are not among `them`. */
function isMeant(name: string, pattern: string): boolean {
  if (pattern.toLowerCase() === 'them') return !name.startsWith('_');
  return createWildcard(pattern)(name);
}

function peek({ tokens, next }: Parsing): string | undefined {
  return tokens[next];
}

function take(parsing: Parsing, word: string): boolean {
  const isNext = peek(parsing)?.toLowerCase() === word;
  if (isNext) parsing.next++;
  return isNext;
}
