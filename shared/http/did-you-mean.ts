/** Suggests the known name that a caller probably meant. */

/** What other interfaces call our parameters, in lower case, without `$`. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ...['userid', 'userids', 'upn', 'userprincipalname', 'actor'].map((name) => [name, 'users'] as const),
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
 * The known name that differs only in case, in a plural ending, or in being what another interface calls it; undefined
 * if there is none.
 */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const wanted = canonical(name);
  const same = known.find((each) => canonical(each) === wanted);
  if (same !== undefined) return same;
  const synonym = synonyms.get(name.toLowerCase().replace(/^\$/, ''));
  return known.find((each) => each === synonym);
}

function canonical(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .replace(/(?:ies|y|s)$/, '');
}
