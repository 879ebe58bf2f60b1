/** Two tenants with data and subscriptions, one of which is removed. */
import {
  publicRemoval,
  type Removal,
  type RemovalRequest,
  type RemovalState,
} from '../../../shared/offboarding/removal.ts';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { cancelOperation } from '../../../shared/operations/end-operation.ts';
import { messageFor, type OperationMessage } from '../../../shared/operations/operation.ts';
import { findOperation, type StoredOperation } from '../../../shared/operations/operation-store.ts';
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
  startRemoval(world.depsOf(), { tenantId: fabrikamId, purge, createdBy: 'key-1' });

export const read = (
  world: OnboardingWorld,
  { id }: Pick<Removal, 'id'>,
): Promise<StoredOperation<RemovalRequest, RemovalState>> => findOperation(world.removals, { id });

/** As answers show it. */
export const shown = async (world: OnboardingWorld, removal: Pick<Removal, 'id'>) =>
  publicRemoval(await read(world, removal));

export const messageOf = (world: OnboardingWorld, removal: Removal) =>
  messageFor(world.removals.kind, removal);

/** The message that was sent last. */
export const newest = (world: OnboardingWorld): OperationMessage => {
  const sent = world.queues.operations.at(-1);
  if (sent === undefined) throw new Error('No message was sent.');
  return sent.message;
};

export const cancel = async (world: OnboardingWorld, removal: Removal): Promise<Removal> => {
  const deps = world.depsOf();
  return await cancelOperation(deps, { store: deps.removals }, await read(world, removal));
};

export const isThere = async (world: OnboardingWorld): Promise<boolean> =>
  (await world.tenants.get(fabrikamId)) !== undefined;
