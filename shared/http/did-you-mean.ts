/** Suggests the known name that a caller probably meant. */
import { memberSpellings } from '../records/member-spellings.ts';
import { isTypo } from './typo.ts';

/** What other interfaces call our parameters, in lower case, without `$`. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ...['userids', 'upn', 'userprincipalname', 'actor'].map((name) => [name, 'users'] as const),
  ...['activity', 'activities', 'operationfilters'].map((name) => [name, 'operations'] as const),
  ...['limit', 'pagesize', 'maxresults', 'resultsize', 'count', 'take'].map((name) => [name, 'top'] as const),
  ...['workload', 'workloads', 'services'].map((name) => [name, 'service'] as const),
  ...['start', 'startdate', 'starttime', 'since', 'startdatetime'].map((name) => [name, 'from'] as const),
  ...['end', 'enddate', 'endtime', 'until', 'enddatetime'].map((name) => [name, 'to'] as const),
  ...['ip', 'ipaddress', 'ipaddresses', 'clientips'].map((name) => [name, 'clientIp'] as const),
  ...['objectids', 'file', 'path'].map((name) => [name, 'objectId'] as const),
  ...['search', 'q', 'query', 'freetext', 'keyword'].map((name) => [name, 'text'] as const),
  ...['sort', 'order', 'sortby'].map((name) => [name, 'orderby'] as const),
  ...['fields', 'properties'].map((name) => [name, 'select'] as const),
  ...['continuationtoken', 'nextlink', 'cursor', 'pagetoken'].map((name) => [name, 'skiptoken'] as const),
  ...['tenant', 'tenantid', 'tenantids'].map((name) => [name, 'tenants'] as const),
]);

/**
 * The known name that differs only in case, in a plural ending, in being what another place or another interface calls
 * it, or in a letter; undefined if there is none.
 */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const wanted = canonical(name);
  const same = known.find((each) => canonical(each) === wanted);
  if (same !== undefined) return same;
  const synonym = synonyms.get(name.toLowerCase().replace(/^\$/, ''));
  return (
    known.find((each) => namesOfMember(wanted).includes(each)) ??
    known.find((each) => each === synonym) ??
    known.find((each) => isTypo(name.toLowerCase(), each.toLowerCase()))
  );
}

/** `Did you mean 'users'? Known: users, top`; the beginning of a sentence. */
export function suggest(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, known);
  return `${meant === undefined ? '' : `Did you mean '${meant}'? `}Known: ${known.join(', ')}`;
}

/** All names of the member that one of them, in canonical form, belongs to. */
function namesOfMember(wanted: string): readonly string[] {
  const all = memberSpellings.map(({ member, filters, groupKey }) => [
    member,
    ...filters,
    ...(groupKey === undefined ? [] : [groupKey]),
  ]);
  return all.find((names) => names.some((name) => canonical(name) === wanted)) ?? [];
}

function canonical(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .replace(/(?:ies|y|s)$/, '');
}
