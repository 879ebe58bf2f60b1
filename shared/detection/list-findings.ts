/** Findings of a set of tenants, newest first, page by page. */
import pMap from 'p-map';
import { invertedTime } from '../index/keys.ts';
import { timeOfId } from '../timed-id.ts';
import type { FindingQuery, FindingStore, StoredFinding } from './finding.ts';

export interface FindingPage {
  /** Newest first; fewer than wanted only if there are no more. */
  readonly findings: readonly StoredFinding[];
  /** The finding that the next page comes after; undefined if there are no more. */
  readonly next: string | undefined;
}

/** Of more, the findings of all tenants are read first: most callers with so many see all of them. */
const fewTenants = 20;
const tenantsAtOnce = 10;
/** Findings of all tenants that are read for one page at most; if others have most of them, each tenant is read on its own. */
const mostRead = 3000;
const readAtOnce = 500;

type Query = FindingQuery & { readonly top: number };

/** @param tenantIds those that the caller may see @throws when storage fails */
export async function listFindings(
  store: Pick<FindingStore, 'list'>,
  tenantIds: readonly string[],
  query: Query,
): Promise<FindingPage> {
  const among = tenantIds.length <= fewTenants ? undefined : await pageAmongAll(store, tenantIds, query);
  return among ?? (await mergedPage(store, tenantIds, query));
}

/** Undefined if too few of the findings of all tenants are wanted. */
async function pageAmongAll(
  store: Pick<FindingStore, 'list'>,
  tenantIds: readonly string[],
  { top, ...query }: Query,
): Promise<FindingPage | undefined> {
  const wanted = new Set(tenantIds);
  const found: StoredFinding[] = [];
  let after = query.after;
  for (let read = 0; read < mostRead; read += readAtOnce) {
    const some = await store.list(undefined, { ...query, after }, readAtOnce);
    found.push(...some.filter(({ tenantId }) => wanted.has(tenantId)));
    if (found.length > top || some.length < readAtOnce) return pageOf(found, top);
    after = some.at(-1)?.findingId;
  }
  return undefined;
}

/** Where the findings of one tenant have been read to. */
interface Source {
  readonly tenantId: string;
  readonly after: string | undefined;
}

/** Each tenant is read a little at a time, as far as the page needs it. */
async function mergedPage(
  store: Pick<FindingStore, 'list'>,
  tenantIds: readonly string[],
  { top, ...query }: Query,
): Promise<FindingPage> {
  let limit = Math.min(top + 1, Math.max(5, Math.ceil((2 * top) / tenantIds.length)));
  let sources: readonly Source[] = tenantIds.map((tenantId) => ({ tenantId, after: query.after }));
  let found: readonly StoredFinding[] = [];
  while (sources.length > 0) {
    const lists = await pMap(
      sources,
      ({ tenantId, after }) => store.list(tenantId, { ...query, after }, limit),
      { concurrency: tenantsAtOnce },
    );
    found = [...found, ...lists.flat()].sort(newestFirst).slice(0, top + 1);
    sources = lists.flatMap((some) => (some.length < limit ? [] : furtherIn(some, found[top])));
    limit = Math.min(top + 1, 4 * limit);
  }
  return pageOf(found, top);
}

/** None if those that follow come after the last one that the page needs. */
function furtherIn(some: readonly StoredFinding[], last: StoredFinding | undefined): readonly Source[] {
  const read = some.at(-1);
  if (read === undefined || (last !== undefined && newestFirst(read, last) >= 0)) return [];
  return [{ tenantId: read.tenantId, after: read.findingId }];
}

/** The next page comes after a finding of this one: the address names none of others. */
function pageOf(all: readonly StoredFinding[], top: number): FindingPage {
  const findings = all.slice(0, top);
  return { findings, next: all.length > top ? findings.at(-1)?.findingId : undefined };
}

function newestFirst(one: StoredFinding, other: StoredFinding): number {
  const [a, b] = [orderOf(one), orderOf(other)];
  return a < b ? -1 : Number(a > b);
}

function orderOf({ findingId }: StoredFinding): string {
  return `${invertedTime(timeOfId(findingId))}_${findingId}`;
}
