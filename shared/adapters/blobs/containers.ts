/** Shared by the adapters of all containers. */
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import type { StorageSettings } from '../../config.ts';
import { creatingIfMissing, storageAccess } from '../storage.ts';
import type { ContainerName } from './container-names.ts';

export function blobService(settings: StorageSettings): BlobServiceClient {
  const access = storageAccess(settings, 'blob');
  return typeof access === 'string'
    ? BlobServiceClient.fromConnectionString(access)
    : new BlobServiceClient(access.uri, access.credential);
}

export function containerOf(service: BlobServiceClient, name: ContainerName): ContainerClient {
  return service.getContainerClient(name);
}

/** Runs a write; creates the container first if it is missing. */
export async function creatingContainer<T>(container: ContainerClient, write: () => Promise<T>): Promise<T> {
  const create = () => container.createIfNotExists();
  return await creatingIfMissing({ code: 'ContainerNotFound', create }, write);
}

/** The chunks of a download. */
export async function* chunksOf(stream: NodeJS.ReadableStream | undefined): AsyncGenerator<Buffer> {
  if (stream === undefined) return;
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
