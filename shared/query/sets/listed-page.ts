/** Pages of several rows for each tenant of a set, one tenant after another. */
import pMap from 'p-map';
import type { OpenSet } from '../../access/open-set.ts';
import type { StoredTenant } from '../../tenants/tenant.ts';
import type { PageOfSet } from './set-page.ts';
import type { SetPosition } from './set-position.ts';
import { tenantsAtOnce, tenantsOpenedByPage } from './set-reading.ts';

/** A page ends with the tenants whose rows reach this number. */
const enoughRows = 1000;

export interface ListedTenant<Row> {
  readonly tenant: StoredTenant;
  readonly rows: readonly Row[];
}

export interface ListedPage<Found> extends PageOfSet {
  readonly found: readonly Found[];
}

/** Reads at most 200 tenants, in the order of their IDs; all rows of a tenant are on one page. */
export async function readListedPage<Row, Found extends ListedTenant<Row>>(
  { tenantOf }: Pick<OpenSet, 'tenantOf'>,
  read: (tenant: StoredTenant) => Promise<Found>,
  position: SetPosition,
): Promise<ListedPage<Found>> {
  const found: Found[] = [];
  let [at, rows] = [0, 0];
  while (at < Math.min(position.places.length, tenantsOpenedByPage) && rows < enoughRows) {
    const some = position.places.slice(at, Math.min(at + tenantsAtOnce, tenantsOpenedByPage));
    const tenants = await pMap(some, ({ tenantId }) => tenantOf(tenantId));
    const batch = await pMap(
      tenants.flatMap((tenant) => tenant ?? []),
      read,
    );
    found.push(...batch);
    rows += batch.reduce((sum, one) => sum + one.rows.length, 0);
    at += some.length;
  }
  const places = position.places.slice(at);
  return { found, position: { ...position, places }, isLast: places.length === 0 };
}
