/** Chooses which partition answers a query with the fewest rows read. */
import { valueHash, type Dimension, type ValueHash } from '../index/keys.ts';
import { matchColumns, type MatchColumn, type MatchTerm } from '../index/match-columns.ts';
import { readsText } from './filter-language/filter-members.ts';
import { conjunctsOf, type Conjunct } from './filter-language/push-down.ts';
import type { RecordFilters } from './filters.ts';
import { addressesOf, parseNetwork } from './matching/networks.ts';
import { hasWildcard } from './matching/wildcard.ts';

/** Streams of rows to merge newest first, and what storage should filter them by. */
export interface QueryPlan {
  readonly dimension: Dimension;
  /** One stream for each; empty text for the time partition. */
  readonly keyPrefixes: readonly string[];
  readonly where: readonly MatchTerm[];
  /** Storage gives what is wanted and nothing else, but for chance. */
  readonly isExact: boolean;
}

/** Something storage can look for: a value of a dimension, of a column, or both. */
interface Choice {
  readonly dimension?: Dimension | undefined;
  readonly column?: MatchColumn | undefined;
  readonly hashes: readonly ValueHash[] | undefined;
}

/** A next link carries the place of every stream; more of them would not fit. Then rows are compared one by one. */
export const maxStreams = 40;

/**
 * The rarest kind of value first: an object has fewer rows than a site, a site fewer than an operation.
 *
 * Where the record's text has to be read, there are two ways. Rows of a dimension do not hold it: each costs a
 * point read, of which some 3,000 a second are possible with 16 at once. Rows of the time partition hold it, but
 * storage looks at all of them, at some 15,000 a second, to give those whose columns match. So a dimension is
 * cheaper for values that fewer than a fifth of all records have: all kinds but operations, a few of which are most of
 * a tenant's records. They are searched by time, with the operation as a column.
 * @param streams how many partitions ranges may be merged
 */
export function planQuery(filters: RecordFilters, streams = maxStreams): QueryPlan {
  const conjuncts = filters.filter === undefined ? [] : conjunctsOf(filters.filter);
  const choices = [...typedChoices(filters), ...conjuncts.flatMap(toChoice)].filter(
    (choice) => choice.hashes !== undefined && choice.hashes.length > 0,
  );
  const chosen = rarest(choices, needsText(filters), streams);
  const others = choices.filter((choice) => choice !== chosen);
  const where = [...others.flatMap(toTerm), ...typeTerms(filters, conjuncts)];
  const isExact = !comparesHere(filters) && others.every(({ column }) => column !== undefined);
  if (chosen?.hashes === undefined || chosen.dimension === undefined) {
    return { dimension: 'time', keyPrefixes: [''], where, isExact };
  }
  const prefixes = new Set(chosen.hashes.map(({ hex }) => `${hex}_`));
  return { dimension: chosen.dimension, keyPrefixes: [...prefixes], where, isExact };
}

/** Whether every record has to be read whole. */
export function needsText({ text, filter }: RecordFilters): boolean {
  return text !== undefined || (filter !== undefined && readsText(filter));
}

const rarity: readonly Dimension[] = ['object', 'container', 'ip', 'user', 'operation'];

function rarest(choices: readonly Choice[], needText: boolean, streams: number): Choice | undefined {
  const possible = choices.filter(
    ({ dimension, hashes }) =>
      dimension !== undefined &&
      !(needText && dimension === 'operation') &&
      new Set(hashes?.map(({ hex }) => hex)).size <= streams,
  );
  for (const dimension of rarity) {
    const found = possible.find((choice) => choice.dimension === dimension);
    if (found !== undefined) return found;
  }
  return undefined;
}

const { object, site, mailbox, address, user, operation, service, resultStatus } = matchColumns;

function typedChoices(filters: RecordFilters): readonly Choice[] {
  const { objectId, clientIp } = filters;
  const objects = objectId?.some(hasWildcard) === true ? undefined : objectId;
  return [
    { dimension: 'object', column: object, hashes: objects?.map(valueHash.text) },
    { dimension: 'container', column: site, hashes: filters.siteUrl?.map(valueHash.site) },
    { dimension: 'container', column: mailbox, hashes: filters.mailbox?.map(valueHash.mailbox) },
    { dimension: 'container', hashes: filters.team?.map(valueHash.team) },
    { dimension: 'ip', column: address, hashes: addressesIn(clientIp)?.map(valueHash.address) },
    { dimension: 'user', column: user, hashes: filters.users?.map(valueHash.text) },
    { dimension: 'operation', column: operation, hashes: filters.operations?.map(valueHash.text) },
    { column: service, hashes: filters.service?.map(valueHash.text) },
    { column: resultStatus, hashes: filters.resultStatus?.map(valueHash.text) },
  ];
}

/** Small networks are asked for address by address; undefined when there are too many. */
function addressesIn(clientIp: readonly string[] | undefined): readonly string[] | undefined {
  const all = clientIp?.map((text) => {
    const network = parseNetwork(text);
    return network === undefined ? [text] : addressesOf(network, maxStreams);
  });
  const known = all?.flatMap((addresses) => addresses ?? []);
  return all?.includes(undefined) === true || (known?.length ?? 0) > maxStreams ? undefined : known;
}

/** Where the members of filters are found. */
const cursors: ReadonlyMap<string, Omit<Choice, 'hashes'> & { hash: (value: string) => ValueHash }> = new Map(
  [
    ['objectId', { dimension: 'object' as const, column: object, hash: valueHash.text }],
    ['siteUrl', { dimension: 'container' as const, column: site, hash: valueHash.site }],
    ['mailboxOwner', { dimension: 'container' as const, column: mailbox, hash: valueHash.mailbox }],
    ['teamId', { dimension: 'container' as const, column: undefined, hash: valueHash.team }],
    ['clientIp', { dimension: 'ip' as const, column: address, hash: valueHash.address }],
    ['userId', { dimension: 'user' as const, column: user, hash: valueHash.text }],
    ['operation', { dimension: 'operation' as const, column: operation, hash: valueHash.text }],
    ['service', { dimension: undefined, column: service, hash: valueHash.text }],
    ['resultStatus', { dimension: undefined, column: resultStatus, hash: valueHash.text }],
  ],
);

function toChoice({ member, texts }: Conjunct): readonly Choice[] {
  const place = cursors.get(member);
  if (place === undefined) return [];
  const { hash, ...where } = place;
  return [{ ...where, hashes: texts.map(hash) }];
}

function toTerm({ column, hashes }: Choice): readonly MatchTerm[] {
  return hashes === undefined || column === undefined
    ? []
    : [{ column, anyOf: hashes.map(({ int }) => int) }];
}

function typeTerms({ recordType }: RecordFilters, conjuncts: readonly Conjunct[]): readonly MatchTerm[] {
  const wanted = conjuncts
    .filter(({ member }) => member === 'recordType')
    .map(({ numbers }) => numbers.filter((number) => number === (number | 0)));
  return [...(recordType === undefined ? [] : [recordType]), ...wanted]
    .filter((numbers) => numbers.length > 0)
    .map((anyOf) => ({ column: matchColumns.recordType, anyOf }));
}

/** Whether something is asked for that storage knows nothing of. */
function comparesHere(filters: RecordFilters): boolean {
  const { text, filter, ids, siteIds, userType, administrativeUnits, objectId, clientIp } = filters;
  return (
    [text, filter, ids, siteIds, userType, administrativeUnits].some((one) => one !== undefined) ||
    objectId?.some(hasWildcard) === true ||
    (clientIp !== undefined && addressesIn(clientIp) === undefined)
  );
}
