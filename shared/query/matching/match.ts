/** Whether a record is what was asked for: the one truth that storage's filters only approach. */
import type { RecordSummary } from '../../records/audit-record.ts';
import { normaliseAddress, normaliseText, normaliseUrl } from '../../records/normalise.ts';
import { compileFilter, type FilterView } from '../filter-language/compile-filter.ts';
import type { RecordFilters } from '../filters.ts';
import type { FoundRecord } from '../found-record.ts';
import { publicRecord } from '../public-record.ts';
import { foldCase, holdsText, type RecordText } from './free-text.ts';
import { createNetworkMatcher, parseNetwork } from './networks.ts';
import { allOf, type MatchResult } from './match-result.ts';
import { createWildcardMatcher, hasWildcard } from './wildcard.ts';

/** Undefined when the text is needed and was not given. */
export type RecordMatcher = (record: FoundRecord, text?: RecordText) => MatchResult;

/** Values are compared as normalise.ts says; an absent value matches no filter on it. */
export function createMatcher(filters: RecordFilters): RecordMatcher {
  const checks = checksOf(filters);
  return (record, text) => allOf(resultsOf(checks, { record, text }));
}

interface View {
  readonly record: FoundRecord;
  readonly text?: RecordText | undefined;
}

type Check = (view: View) => MatchResult;

function* resultsOf(checks: readonly Check[], view: View): Generator<MatchResult> {
  for (const check of checks) yield check(view);
}

/** Cheap ones first; only what is asked for is checked. */
function checksOf(filters: RecordFilters): readonly Check[] {
  const { from, to } = filters;
  return [
    ...(from === undefined ? [] : [({ record }: View) => record.createdDateTime >= from]),
    ...(to === undefined ? [] : [({ record }: View) => record.createdDateTime < to]),
    ...oneOf(filters.recordType, (summary) => summary.recordType),
    ...oneOf(filters.userType, (summary) => summary.userType),
    ...valueChecks(filters),
    ...objectCheck(filters.objectId),
    ...addressCheck(filters.clientIp),
    ...placeChecks(filters),
    ...filterCheck(filters.filter),
    ...textCheck(filters.text),
  ];
}

function valueChecks(filters: RecordFilters): readonly Check[] {
  const ids = filters.ids?.map(normaliseText);
  return [
    ...(ids === undefined ? [] : [({ record }: View) => ids.includes(record.id)]),
    ...sameText(filters.users, normaliseText, (summary) => summary.userId),
    ...sameText(filters.operations, normaliseText, (summary) => summary.operation),
    ...sameText(filters.service, normaliseText, (summary) => summary.service),
    ...sameText(filters.siteUrl, normaliseUrl, (summary) => summary.siteUrl),
    ...sameText(filters.mailbox, normaliseText, (summary) => summary.mailboxOwner),
    ...sameText(filters.team, normaliseText, (summary) => summary.teamId),
    ...sameText(filters.resultStatus, normaliseText, (summary) => summary.resultStatus),
  ];
}

type Pick<T> = (summary: RecordSummary) => T | undefined;

function sameText(
  wanted: readonly string[] | undefined,
  normalise: (value: string) => string,
  pick: Pick<string>,
): readonly Check[] {
  if (wanted === undefined) return [];
  const accepted = new Set(wanted.map(normalise));
  return [({ record }) => isAccepted(pick(record.summary), (value) => accepted.has(normalise(value)))];
}

function oneOf(wanted: readonly number[] | undefined, pick: Pick<number>): readonly Check[] {
  if (wanted === undefined) return [];
  return [({ record }) => isAccepted(pick(record.summary), (value) => wanted.includes(value))];
}

function isAccepted<T>(value: T | undefined, accepts: (value: T) => boolean): boolean {
  return value !== undefined && accepts(value);
}

function objectCheck(patterns: readonly string[] | undefined): readonly Check[] {
  if (patterns === undefined) return [];
  const exact = new Set(patterns.filter((pattern) => !hasWildcard(pattern)).map(normaliseText));
  const wildcards = patterns.filter(hasWildcard).map(createWildcardMatcher);
  const accepts = (value: string) =>
    exact.has(normaliseText(value)) || wildcards.some((matches) => matches(value));
  return [({ record }) => isAccepted(record.summary.objectId, accepts)];
}

function addressCheck(wanted: readonly string[] | undefined): readonly Check[] {
  if (wanted === undefined) return [];
  const networks = wanted.flatMap((text) => parseNetwork(text) ?? []);
  const inNetwork = createNetworkMatcher(networks);
  const exact = new Set(wanted.filter((text) => parseNetwork(text) === undefined).map(normaliseAddress));
  const accepts = (value: string) => exact.has(normaliseAddress(value)) || inNetwork(normaliseAddress(value));
  return [({ record }) => isAccepted(record.summary.clientIp, accepts)];
}

/** Members that rows of earlier versions do not hold. */
function placeChecks({ siteIds, administrativeUnits }: RecordFilters): readonly Check[] {
  const known =
    (wanted: readonly string[], pick: Pick<readonly string[]>): Check =>
    ({ record }) =>
      record.isLegacy ? undefined : isAccepted(pick(record.summary), (values) => sharesText(values, wanted));
  return [
    ...(siteIds === undefined
      ? []
      : [known(siteIds, ({ siteId }) => (siteId === undefined ? undefined : [siteId]))]),
    ...(administrativeUnits === undefined
      ? []
      : [known(administrativeUnits, (summary) => summary.administrativeUnits)]),
  ];
}

function sharesText(values: readonly string[], wanted: readonly string[]): boolean {
  const accepted = new Set(wanted.map(normaliseText));
  return values.some((value) => accepted.has(normaliseText(value)));
}

function filterCheck(filter: RecordFilters['filter']): readonly Check[] {
  if (filter === undefined) return [];
  const check = compileFilter(filter);
  return [({ record, text }) => check(filterView(record, text))];
}

function filterView(record: FoundRecord, text: RecordText | undefined): FilterView {
  const shown: ReadonlyMap<string, unknown> = new Map(Object.entries(publicRecord(record)));
  return { member: (name) => shown.get(name), text };
}

function textCheck(wanted: string | undefined): readonly Check[] {
  if (wanted === undefined) return [];
  const needle = { folded: foldCase(wanted) };
  return [({ text }) => (text === undefined ? undefined : holdsText(text, needle))];
}
