/** The names of raw blobs, by tenant and day of landing. */
import type { ContainerClient } from '@azure/storage-blob';
import type { StorageSettings } from '../../config.ts';
import { landingIdOfBlob } from '../../landing/landing-names.ts';
import type { RawNames } from '../../landing/raw-store.ts';
import { hasErrorCode } from '../storage.ts';
import { blobService, containerOf } from './containers.ts';

/** Of an account in which nothing has ever landed there are none. */
export function createRawNames(settings: StorageSettings): RawNames {
  const container = containerOf(blobService(settings), 'raw');
  return {
    days: (tenantId) => unlessNew(() => listDays(container, tenantId)),
    names: (tenantId, day) => unlessNew(() => listNames(container, tenantId, day)),
  };
}

async function unlessNew(list: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await list();
  } catch (error) {
    if (hasErrorCode(error, 'ContainerNotFound')) return [];
    throw error;
  }
}

/** Days on which something landed, oldest first; days without a blob cost nothing. */
export async function listDays(container: ContainerClient, tenantId: string): Promise<readonly string[]> {
  const prefix = `tenant=${tenantId}/date=`;
  const days: string[] = [];
  for await (const item of container.listBlobsByHierarchy('/', { prefix }))
    if (item.kind === 'prefix') days.push(item.name.slice(prefix.length, -1));
  return days;
}

/** Oldest first: landing IDs begin with their time. Other blobs are ignored. */
export async function listNames(
  container: ContainerClient,
  tenantId: string,
  day: string,
): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat({ prefix: `tenant=${tenantId}/date=${day}/` }))
    if (landingIdOfBlob(name) !== undefined) names.push(name);
  return names;
}
