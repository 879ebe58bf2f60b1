/** Findings of a set of tenants, newest first, page by page. */
import pMap from 'p-map';
import { invertedTime } from '../index/keys.ts';
import { timeOfId } from '../timed-id.ts';
import type { FindingQuery, FindingStore, StoredFinding } from './finding.ts';

export interface FindingPage {
  /** Newest first; there may be more even if it is empty. */
  readonly findings: readonly StoredFinding[];
  /** The finding that the next page comes after; undefined if there are no more. */
  readonly next: string | undefined;
}

/** Each of a few tenants is a query of its own; of more, the findings of all tenants are read. */
const fewTenants = 20;
const tenantsAtOnce = 10;
/** Read for one page at most. */
const mostRead = 3000;
const readAtOnce = 500;

/** @param tenantIds those that the caller may see @throws when storage fails */
export async function listFindings(
  store: Pick<FindingStore, 'list'>,
  tenantIds: readonly string[],
  query: FindingQuery & { readonly top: number },
): Promise<FindingPage> {
  return tenantIds.length <= fewTenants
    ? await mergedPage(store, tenantIds, query)
    : await filteredPage(store, new Set(tenantIds), query);
}

type Query = FindingQuery & { readonly top: number };

async function mergedPage(
  store: Pick<FindingStore, 'list'>,
  tenantIds: readonly string[],
  { top, ...query }: Query,
): Promise<FindingPage> {
  const lists = await pMap(tenantIds, (tenantId) => store.list(tenantId, query, top + 1), {
    concurrency: tenantsAtOnce,
  });
  const all = lists.flat().sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  return pageOf(all, top);
}

async function filteredPage(
  store: Pick<FindingStore, 'list'>,
  wanted: ReadonlySet<string>,
  { top, ...query }: Query,
): Promise<FindingPage> {
  const found: StoredFinding[] = [];
  let after = query.after;
  for (let read = 0; read < mostRead;) {
    const some = await store.list(undefined, { ...query, after }, readAtOnce);
    found.push(...some.filter(({ tenantId }) => wanted.has(tenantId)));
    if (found.length > top || some.length < readAtOnce) return pageOf(found, top);
    read += some.length;
    after = some.at(-1)?.findingId;
  }
  return { findings: found, next: after };
}

function pageOf(all: readonly StoredFinding[], top: number): FindingPage {
  const findings = all.slice(0, top);
  return { findings, next: all.length > top ? findings.at(-1)?.findingId : undefined };
}

function orderOf({ findingId }: StoredFinding): string {
  return `${invertedTime(timeOfId(findingId))}_${findingId}`;
}
