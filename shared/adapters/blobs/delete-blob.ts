/** Deletes blobs, unless a policy keeps them. */
import { RestError, type ContainerClient } from '@azure/storage-blob';

/** Succeeds if there is none. False when the immutability policy of the container keeps it. */
export async function deleteBlob(container: ContainerClient, name: string): Promise<boolean> {
  try {
    await container.getBlobClient(name).deleteIfExists({ deleteSnapshots: 'include' });
    return true;
  } catch (error) {
    if (!(error instanceof RestError) || !retentionCodes.has(error.code ?? '')) throw error;
    return false;
  }
}

/** https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const retentionCodes: ReadonlySet<string> = new Set([
  'BlobImmutableDueToPolicy',
  'BlobImmutableDueToLegalHold',
]);
