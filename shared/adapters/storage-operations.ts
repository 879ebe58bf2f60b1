/** Counts requests to storage as Azure bills them, without wrapping any client. */
import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import * as z from 'zod';
import type { StorageSettings } from '../config.ts';
import type { StorageOperation } from '../telemetry/prices.ts';
import type { StorageService } from './storage.ts';

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

const emulatorPorts: Readonly<Record<StorageService, number>> = {
  blob: 10_000,
  queue: 10_001,
  table: 10_002,
};

/** Host and port as in the Host header of requests to the service. */
function hostOf(settings: StorageSettings, service: StorageService): string {
  if (settings.kind === 'identity') return new URL(settings[`${service}ServiceUri`]).host;
  const parts = new Map(
    settings.connectionString.split(';').map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name.toLowerCase(), value.join('=')] as const;
    }),
  );
  if (parts.has('usedevelopmentstorage')) return `127.0.0.1:${emulatorPorts[service]}`;
  const endpoint = parts.get(`${service}endpoint`);
  if (endpoint !== undefined) return new URL(endpoint).host;
  return `${parts.get('accountname') ?? ''}.${service}.${parts.get('endpointsuffix') ?? 'core.windows.net'}`;
}
