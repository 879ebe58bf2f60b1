/** The storage account as whoever runs a command reaches it: by connection string, or signed in as themselves. */
import { existsSync, readFileSync } from 'node:fs';
import type { BlobServiceClient } from '@azure/storage-blob';
import type { QueueServiceClient } from '@azure/storage-queue';
import * as z from 'zod';
import { blobService } from '../../shared/adapters/blobs/containers.ts';
import { queueService } from '../../shared/adapters/queues/queue-service.ts';
import { parseStorageSettings, type StorageSettings } from '../../shared/config.ts';
import { ConfigError } from '../../shared/errors.ts';
import { UsageError } from '../tenant/usage.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface OperatorStorage {
  readonly queues: QueueServiceClient;
  readonly blobs: BlobServiceClient;
}

/** Nothing is asked of storage yet. @throws UsageError when the environment does not say where storage is */
export function openStorage(env: Environment): OperatorStorage {
  const settings = settingsIn(env);
  try {
    return { queues: queueService(settings), blobs: blobService(settings) };
  } catch (cause) {
    throw new UsageError('AzureWebJobsStorage is no connection string', { cause });
  }
}

function settingsIn(env: Environment): StorageSettings {
  const settings = storageSettingsOf(env);
  if (settings.kind === 'identity') {
    requireHttps('blob', settings.blobServiceUri);
    requireHttps('queue', settings.queueServiceUri);
  }
  return settings;
}

function storageSettingsOf(env: Environment): StorageSettings {
  try {
    return parseStorageSettings(env);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    const ways = 'AzureWebJobsStorage, or the three addresses AzureWebJobsStorage__…ServiceUri';
    throw new UsageError(`The environment does not say where storage is: set ${ways}`, { cause });
  }
}

/** A token must not be read on its way. */
function requireHttps(service: 'blob' | 'queue', address: string): void {
  if (URL.canParse(address) && new URL(address).protocol === 'https:') return;
  throw new UsageError(
    `AzureWebJobsStorage__${service}ServiceUri must be an address that begins with https://`,
  );
}

const localSettings = z.object({ Values: z.record(z.string(), z.string()) });

/**
 * The environment; where it names no storage, with the local settings' values below it. A deployed account that was
 * asked for is never exchanged for the local one.
 * @throws UsageError when the file is needed and malformed
 */
export function withLocalSettings(env: Environment, file: string): Environment {
  const namesStorage = Object.keys(env).some((name) => name.startsWith('AzureWebJobsStorage'));
  if (namesStorage || !existsSync(file)) return env;
  try {
    return { ...localSettings.parse(JSON.parse(readFileSync(file, 'utf8'))).Values, ...env };
  } catch (cause) {
    throw new UsageError(`${file} is no file of local settings: it has no Values`, { cause });
  }
}
