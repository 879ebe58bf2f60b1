/** Two tenants with data and subscriptions, one of which is removed. */
import type { Removal } from '../../../shared/tenants/removal.ts';
import { startRemoval } from '../../../shared/tenants/remove-tenant.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';
import { activeFabrikam, createOnboardingWorld, type OnboardingWorld } from './onboarding-world.ts';

export const collected = { blobs: 7, tables: 2, rows: 12 };
export const nothing = { blobs: 0, tables: 0, rows: 0 };
export const adatum = tenantNamed('Adatum', { tenantId: adatumId });

export function createRemovalWorld() {
  const world = createOnboardingWorld({
    tenants: [activeFabrikam(), adatum],
    running: ['Audit.Exchange', 'Audit.SharePoint'],
  });
  world.tenantData.put(fabrikamId, collected);
  world.tenantData.put(adatumId, collected);
  return world;
}

export const start = (world: OnboardingWorld, purge = true): Promise<Removal> =>
  startRemoval(world.depsOf(), fabrikamId, purge);

export async function read(world: OnboardingWorld, { removalId }: Removal): Promise<Removal> {
  const removal = await world.removals.get(removalId);
  if (removal === undefined) throw new Error('The removal is not there.');
  return removal;
}

export const isThere = async (world: OnboardingWorld): Promise<boolean> =>
  (await world.tenants.get(fabrikamId)) !== undefined;
