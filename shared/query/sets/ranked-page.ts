/** Pages of what is known of each tenant of a set, the worst of all first. */
import pMap from 'p-map';
import type { OpenSet } from '../../access/open-set.ts';
import type { StoredTenant } from '../../tenants/tenant.ts';
import type { PageOfSet } from './set-page.ts';
import type { SetPosition, TenantPlace } from './set-position.ts';
import { tenantsAtOnce, tenantsOpenedByPage } from './set-reading.ts';

export interface Ranking<Found> {
  readonly read: (tenant: StoredTenant) => Promise<Found>;
  /** A whole number from 0; the greatest is the worst. */
  readonly rankOf: (row: RankedRow<Found>) => number;
}

export interface RankedRow<Found> {
  readonly tenant: StoredTenant;
  readonly found: Found;
}

export interface RankedPage<Found> extends PageOfSet {
  readonly rows: readonly RankedRow<Found>[];
}

/**
 * Reads at most 200 tenants. The first pages of a larger set only rank tenants, and have no rows: the worst of all is
 * known when all are ranked. Its rows are read again when they are shown, in the order of the first reading.
 */
export async function readRankedPage<Found>(
  { tenantOf }: Pick<OpenSet, 'tenantOf'>,
  ranking: Ranking<Found>,
  position: SetPosition,
): Promise<RankedPage<Found>> {
  const known = new Map<string, RankedRow<Found>>();
  const read = async ({ tenantId }: TenantPlace): Promise<RankedRow<Found> | undefined> => {
    const tenant = await tenantOf(tenantId);
    return tenant && { tenant, found: await ranking.read(tenant) };
  };
  const unranked = position.places.filter(({ head }) => head === undefined).slice(0, tenantsOpenedByPage);
  await pMap(
    unranked,
    async (place) => {
      const row = await read(place);
      if (row !== undefined) known.set(place.tenantId, row);
    },
    { concurrency: tenantsAtOnce },
  );
  const places = ranked(position.places, new Set(unranked), (id) => rankIn(known.get(id), ranking));
  if (places.some(({ head }) => head === undefined)) return pageOf([], position, places);
  const shown = affordable(places, known);
  const again = (place: TenantPlace) => known.get(place.tenantId) ?? read(place);
  const rows = await pMap(shown, again, { concurrency: tenantsAtOnce });
  const present = rows.flatMap((row) => row ?? []);
  return pageOf(present, position, places.slice(shown.length));
}

function rankIn<Found>(row: RankedRow<Found> | undefined, { rankOf }: Ranking<Found>): number | undefined {
  return row && rankOf(row);
}

/** The worst first; those that left are gone. A position has a moment for each tenant, which holds its rank here. */
function ranked(
  places: readonly TenantPlace[],
  read: ReadonlySet<TenantPlace>,
  rankOf: (tenantId: string) => number | undefined,
): readonly TenantPlace[] {
  const all = places.flatMap((place) => {
    if (!read.has(place)) return [place];
    const rank = rankOf(place.tenantId);
    return rank === undefined ? [] : [{ ...place, head: new Date(rank) }];
  });
  const greatest = Number.MAX_SAFE_INTEGER;
  const rank = ({ head }: TenantPlace) => head?.getTime() ?? greatest;
  return all.toSorted((a, b) => rank(b) - rank(a) || (a.tenantId < b.tenantId ? -1 : 1));
}

/** The first of them that may be read, or were. */
function affordable(
  places: readonly TenantPlace[],
  known: ReadonlyMap<string, unknown>,
): readonly TenantPlace[] {
  let left = tenantsOpenedByPage - known.size;
  const end = places.findIndex(({ tenantId }, at) => {
    if (!known.has(tenantId)) left--;
    return left < 0 || at === tenantsOpenedByPage;
  });
  return end === -1 ? places : places.slice(0, end);
}

function pageOf<Found>(
  rows: readonly RankedRow<Found>[],
  position: SetPosition,
  places: readonly TenantPlace[],
): RankedPage<Found> {
  return { rows, position: { ...position, places }, isLast: places.length === 0 };
}
