/** Chooses which partition answers a query with the fewest rows read. */
import { valueHash, type Dimension, type ValueHash } from '../index/keys.ts';
import { columnOf, termFor, type MatchTerm } from '../index/match-columns.ts';
import { hasSeveral, isTextMember, textRows } from '../records/member-kinds.ts';
import { memberDimensions, type MemberDimension } from '../records/member-declaration.ts';
import { readsText } from './filter-language/filter-members.ts';
import { conjunctsOf, type Conjunct } from './filter-language/push-down.ts';
import type { RecordFilters } from './filters.ts';
import { addressesOf, parseNetwork } from '../records/networks.ts';
import { hasWildcard } from './matching/wildcard.ts';
import { codeFilters, textFilters } from './member-filters.ts';

/** Streams of rows to merge newest first, and what storage should filter them by. */
export interface QueryPlan {
  readonly dimension: Dimension;
  /** One stream for each; empty text for the time partition. */
  readonly keyPrefixes: readonly string[];
  readonly where: readonly MatchTerm[];
  /** Storage returns only matching rows, except for hash collisions. */
  readonly isExact: boolean;
}

/** Values that storage can look up: in a partition of their own, in a column, or in both. */
interface Choice {
  readonly dimension: MemberDimension | undefined;
  /** Undefined if storage cannot filter rows by the member. */
  readonly term: MatchTerm | undefined;
  /** Whether all rows that storage returns for the term have one of the values. */
  readonly isExact: boolean;
  readonly hashes: readonly ValueHash[];
}

/** A next link holds a cursor for every stream, and no more would fit. Beyond that, rows are filtered one by one. */
const maxStreams = 40;

/**
 * The rarest kind of value first: an object has fewer rows than a site, a site fewer than an operation.
 *
 * If the text of records has to be read, there are two ways. Rows of a dimension do not hold it: each costs a point
 * read, of which some 3,000 a second are possible with 16 at once. Rows of the time partition hold it, but storage reads
 * all of them, some 15,000 a second, to return those whose columns match. So a dimension is cheaper for values that
 * fewer than a fifth of all records have: all kinds but operations, a few of which make up most of a tenant's records.
 * They are searched by time, with the operation as a column.
 */
export function planQuery(filters: RecordFilters): QueryPlan {
  const conjuncts = filters.filter === undefined ? [] : conjunctsOf(filters.filter);
  const typed = typedChoices(filters);
  const choices = [...typed, ...conjuncts.map(({ member, texts }) => toChoice(member, texts))]
    .filter((choice) => choice !== undefined)
    .sort((a, b) => rankOf(a) - rankOf(b));
  const chosen = choices.find((choice) => isReadable(choice, needsText(filters)));
  const others = choices.filter((choice) => choice !== chosen);
  const where = [...others.flatMap(({ term }) => term ?? []), ...codeTerms(filters, conjuncts)];
  const isExact =
    !typed.includes(undefined) && !filtersHere(filters) && others.every((choice) => choice.isExact);
  if (chosen?.dimension === undefined) return { dimension: 'time', keyPrefixes: [''], where, isExact };
  const prefixes = new Set(chosen.hashes.map(({ hex }) => `${hex}_`));
  return { dimension: chosen.dimension, keyPrefixes: [...prefixes], where, isExact };
}

/** Whether every record has to be read whole. */
export function needsText({ text, filter }: RecordFilters): boolean {
  return text !== undefined || (filter !== undefined && readsText(filter));
}

function rankOf({ dimension }: Choice): number {
  return dimension === undefined ? memberDimensions.length : memberDimensions.indexOf(dimension);
}

function isReadable({ dimension, hashes }: Choice, needText: boolean): boolean {
  if (dimension === undefined || (needText && dimension === 'operation')) return false;
  return new Set(hashes.map(({ hex }) => hex)).size <= maxStreams;
}

/** One for each typed filter on texts; undefined for one that storage cannot evaluate. */
function typedChoices(filters: RecordFilters): readonly (Choice | undefined)[] {
  return textFilters.flatMap(({ member, name, kind, wildcards, byName }) => {
    const wanted = filters[name];
    if (wanted === undefined) return [];
    if (kind === 'address') return [toChoice(member, addressesIn(wanted))];
    const choice = wildcards && wanted.some(hasWildcard) ? undefined : toChoice(member, wanted);
    return [byName && choice !== undefined ? withoutColumn(choice) : choice];
  });
}

/** The column has only the value that is shown. */
function withoutColumn({ dimension, hashes }: Choice): Choice {
  return { dimension, hashes, term: undefined, isExact: false };
}

/** Small networks are looked up address by address; undefined if there are too many addresses. */
function addressesIn(clientIp: readonly string[]): readonly string[] | undefined {
  const all = clientIp.map((text) => {
    const network = parseNetwork(text);
    return network === undefined ? [text] : addressesOf(network, maxStreams);
  });
  const known = all.flatMap((addresses) => addresses ?? []);
  return all.includes(undefined) || known.length > maxStreams ? undefined : known;
}

function toChoice(member: string, texts: readonly string[] | undefined): Choice | undefined {
  if (texts === undefined || texts.length === 0 || !isTextMember(member)) return undefined;
  const { dimension } = textRows[member].stored;
  const column = columnOf(member);
  if (dimension === undefined && column === undefined) return undefined;
  const hashes = texts.map((text) => valueHash(member, text));
  const term = column === undefined ? undefined : termFor(member, column, hashes);
  return { dimension, term, isExact: term !== undefined && !hasSeveral(member), hashes };
}

function codeTerms(filters: RecordFilters, conjuncts: readonly Conjunct[]): readonly MatchTerm[] {
  return codeFilters.flatMap(({ member, name }) => {
    const column = columnOf(member);
    if (column === undefined) return [];
    const wanted = conjuncts
      .filter((conjunct) => conjunct.member === member)
      .map(({ numbers }) => numbers.filter((number) => number === (number | 0)));
    return [filters[name] ?? [], ...wanted]
      .filter((numbers) => numbers.length > 0)
      .map((anyOf) => ({ column, anyOf }));
  });
}

/** Whether a filter that is not on texts has to be evaluated here. */
function filtersHere(filters: RecordFilters): boolean {
  const { text, filter, ids } = filters;
  if (text !== undefined || filter !== undefined || ids !== undefined) return true;
  return codeFilters.some(
    ({ member, name }) => filters[name] !== undefined && columnOf(member) === undefined,
  );
}
