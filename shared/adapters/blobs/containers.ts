/** Shared by the adapters of all containers. */
import { BlobServiceClient, RestError, type ContainerClient } from '@azure/storage-blob';
import type { StorageSettings } from '../../config.ts';
import { storageAccess } from '../storage.ts';
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
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof RestError) || error.code !== 'ContainerNotFound') throw error;
    await container.createIfNotExists();
    return await write();
  }
}

/** Undefined when the blob or its container does not exist. */
export async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
}

/** The chunks of a download. */
export async function* chunksOf(stream: NodeJS.ReadableStream | undefined): AsyncGenerator<Buffer> {
  if (stream === undefined) return;
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
