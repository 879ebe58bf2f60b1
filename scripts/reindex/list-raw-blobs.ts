/** Raw blobs of a tenant by day of landing, as messages that request their indexing. */
import type { ContainerClient } from '@azure/storage-blob';
import type { IndexRequest } from '../../shared/landing/landing.ts';

/** Days of landing, UTC; half-open. */
export interface RawRange {
  readonly tenantId: string;
  /** Undefined: from the beginning. */
  readonly from: string | undefined;
  /** Excluded; undefined: to the end. */
  readonly to: string | undefined;
}

/** Days on which something landed, oldest first; days without a blob cost nothing. */
export async function* landingDays(
  container: ContainerClient,
  { tenantId, from = '', to }: RawRange,
): AsyncGenerator<string> {
  const prefix = `tenant=${tenantId}/date=`;
  for await (const item of container.listBlobsByHierarchy('/', { prefix })) {
    const day = item.name.slice(prefix.length, -1);
    if (item.kind === 'prefix' && day >= from && (to === undefined || day < to)) yield day;
  }
}

const ending = '.ndjson.gz';

/** Oldest first: landing IDs begin with their time. Other blobs are ignored. */
export async function* requestsOfDay(
  container: ContainerClient,
  tenantId: string,
  day: string,
): AsyncGenerator<IndexRequest> {
  const prefix = `tenant=${tenantId}/date=${day}/`;
  for await (const { name } of container.listBlobsFlat({ prefix })) {
    const landingId = name.slice(prefix.length, -ending.length);
    if (name.endsWith(ending)) yield { version: 1, tenantId, landingId, blobName: name };
  }
}
