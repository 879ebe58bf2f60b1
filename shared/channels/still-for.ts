/** Whom a channel is for when it sends: its tenants may be others by now, and tenants are removed. */
import pMap from 'p-map';
import type { Waiting } from './delivery.ts';
import { isAbout } from './routing.ts';
import type { Sending } from './sending.ts';

const readsAtOnce = 8;

/** Whether the channel may still send what waits: of these, and nothing else. @throws when storage fails */
export async function stillFor(
  { deps, lease }: Pick<Sending, 'deps' | 'lease'>,
  waiting: readonly Waiting[],
): Promise<(one: Waiting) => boolean> {
  const ids = new Set(waiting.flatMap(({ message: { tenant } }) => tenant?.tenantId ?? []));
  const found = await pMap(ids, (id) => deps.tenants.get(id), { concurrency: readsAtOnce });
  const known = new Map(
    found.flatMap((tenant) => (tenant === undefined ? [] : [[tenant.tenantId, tenant] as const])),
  );
  const { tenants } = lease.current();
  return ({ message: { tenant: about } }) => {
    const tenant = about && known.get(about.tenantId);
    if (about !== undefined && (tenant === undefined || tenant.state === 'Removing')) return false;
    return isAbout(tenants, tenant);
  };
}
