/** Whether a record matches filters: the truth that storage's filters only approximate. */
import { isOriginalMember } from '../../index/packing.ts';
import {
  deliveredRows,
  hasNames,
  namesOf,
  normalizerOf,
  valuesOf,
  type ListMember,
  type TextMember,
} from '../../records/member-kinds.ts';
import { normalize } from '../../records/normalize.ts';
import { compileFilter } from '../filter-language/compile-filter.ts';
import type { RecordFilters } from '../filters.ts';
import type { FoundRecord } from '../found-record.ts';
import { codeFilters, textFilters } from '../member-filters.ts';
import { freeTextCheck, type RecordText } from './free-text.ts';
import { joined, type Check, type CountComparisons } from './match-result.ts';
import { createNetworkMatcher, parseNetwork } from '../../records/networks.ts';
import { createWildcardMatcher, hasWildcard } from './wildcard.ts';

/** Undefined when the text is needed and was not given. */
export type RecordMatcher = Check<FoundRecord, RecordText>;

/**
 * Values are compared as in normalize.ts; an absent value matches no filter on it.
 * @param count receives the comparisons that a caller can multiply; the few others are part of every row
 */
export function createMatcher(
  filters: RecordFilters,
  count: CountComparisons = () => undefined,
): RecordMatcher {
  return joined('and', checksOf(filters, count));
}

/** Cheap ones first; only given filters are checked. */
function checksOf(filters: RecordFilters, count: CountComparisons): readonly RecordMatcher[] {
  const { from, to, ids, filter, text } = filters;
  const checks: RecordMatcher[] = [];
  if (from !== undefined) checks.push((record) => record.createdDateTime >= from);
  if (to !== undefined) checks.push((record) => record.createdDateTime < to);
  checks.push(...codeChecks(filters));
  if (ids !== undefined) checks.push(idCheck(ids));
  checks.push(...textChecks(filters, count));
  if (filter !== undefined) checks.push(compileFilter(filter, count));
  if (text !== undefined) checks.push(freeTextCheck(text, count));
  return checks;
}

function codeChecks(filters: RecordFilters): readonly RecordMatcher[] {
  return codeFilters.flatMap(({ member, name }) => {
    const wanted = filters[name];
    if (wanted === undefined) return [];
    return ({ summary }: FoundRecord) => summary[member] !== undefined && wanted.includes(summary[member]);
  });
}

function idCheck(ids: readonly string[]): RecordMatcher {
  const wanted = new Set(ids.map(normalize.text));
  return ({ id }) => wanted.has(id);
}

function textChecks(filters: RecordFilters, count: CountComparisons): readonly RecordMatcher[] {
  return textFilters.flatMap(({ member, name, wildcards, byName }) => {
    const wanted = filters[name];
    if (wanted === undefined) return [];
    return valueCheck(member, byName, acceptorOf(member, wanted, { wildcards, count }));
  });
}

function valueCheck(member: DeliveredText, byName: boolean, accepts: Acceptor): RecordMatcher {
  const isOriginal = isOriginalMember(member);
  return ({ summary, isLegacy }) => {
    if (isLegacy && !isOriginal) return undefined;
    const values = byName && hasNames(member) ? namesOf(summary, member) : valuesOf(summary, member);
    return values.some(accepts);
  };
}

type DeliveredText = TextMember | ListMember;
type Acceptor = (value: string) => boolean;

function acceptorOf(
  member: DeliveredText,
  wanted: readonly string[],
  { wildcards, count }: { readonly wildcards: boolean; readonly count: CountComparisons },
): Acceptor {
  if (deliveredRows[member].kind === 'address') return addressAcceptor(wanted);
  const normalized = normalizerOf(member);
  const patterns = wildcards ? wanted.filter(hasWildcard) : [];
  const matchers = patterns.map(createWildcardMatcher);
  const exact = new Set(wanted.filter((value) => !patterns.includes(value)).map(normalized));
  return (value) => {
    if (exact.has(normalized(value))) return true;
    count(matchers.length);
    return matchers.length > 0 && matchesAny(matchers, value);
  };
}

/** The value is normalized once, however many patterns there are. */
function matchesAny(matchers: readonly ((text: string) => boolean)[], value: string): boolean {
  const text = normalize.text(value);
  return matchers.some((matches) => matches(text));
}

function addressAcceptor(wanted: readonly string[]): Acceptor {
  const inNetwork = createNetworkMatcher(wanted.flatMap((text) => parseNetwork(text) ?? []));
  const exact = new Set(wanted.filter((text) => parseNetwork(text) === undefined).map(normalize.address));
  return (value) => {
    const address = normalize.address(value);
    return exact.has(address) || inNetwork(address);
  };
}
