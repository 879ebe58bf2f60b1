/** Counts requests to storage as Azure bills them, without wrapping any client. */
import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import * as z from 'zod';
import type { StorageSettings } from '../config.ts';
import type { StorageOperation } from '../telemetry/prices.ts';
import { blobService } from './blobs/containers.ts';
import { queueService } from './queues/queue-service.ts';
import type { StorageService } from './storage.ts';
import { tableService } from './tables/tables.ts';

const services: readonly StorageService[] = ['blob', 'queue', 'table'];

/** The request itself, not a copy: its methods work only on it. */
const messageSchema = z.object({ request: z.instanceof(ClientRequest) });

/**
 * Calls `count` for every request to this storage account, including retries, in the context of the code that sends it.
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
export function watchStorageOperations(
  settings: StorageSettings,
  count: (operation: StorageOperation) => void,
): void {
  const hosts = new Map(services.map((service) => [hostOf(settings, service), service]));
  subscribe('http.client.request.start', (message) => {
    const request = messageSchema.safeParse(message).data?.request;
    const service = hosts.get(String(request?.getHeader('host')));
    const operation = request && service && billedAs(service, request.method, request.path);
    if (operation !== undefined) count(operation);
  });
}

/** How Azure bills a request; undefined for free ones. */
function billedAs(service: StorageService, method: string, path: string): StorageOperation | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  if (service === 'queue') return 'queueOperations';
  if (service === 'table') return isRead ? 'tableReads' : 'tableWrites';
  // Listing is billed like writing, deleting is free.
  const isListing = /[?&]comp=list(&|$)/.test(path);
  if (method === 'DELETE') return undefined;
  return isRead && !isListing ? 'blobReads' : 'blobWrites';
}

/** Host and port as in the Host header of requests to the service. */
function hostOf(settings: StorageSettings, service: StorageService): string {
  if (settings.kind === 'identity') return new URL(settings[`${service}ServiceUri`]).host;
  const openService = { blob: blobService, queue: queueService, table: tableService }[service];
  return new URL(openService(settings).url).host;
}
