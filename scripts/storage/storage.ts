/** The storage account as the operator reaches it: by connection string, or signed in to Entra. */
import { existsSync, readFileSync } from 'node:fs';
import type { BlobServiceClient } from '@azure/storage-blob';
import type { QueueServiceClient } from '@azure/storage-queue';
import * as z from 'zod';
import { blobService } from '../../shared/adapters/blobs/containers.ts';
import { queueService } from '../../shared/adapters/queues/queue-service.ts';
import { parseStorageSettings, type StorageSettings } from '../../shared/config.ts';
import { ConfigError } from '../../shared/errors.ts';
import type { Context, Environment, Outcome } from '../command-line/context.ts';
import { UsageError } from '../command-line/failure.ts';
import { failureOf } from './storage-failure.ts';

export interface Storage {
  readonly queues: QueueServiceClient;
  readonly blobs: BlobServiceClient;
}

/** @param more further lines of the environment */
export const storageHelpWith = (more: string): string => `
Environment:
  AzureWebJobsStorage                   connection string of the storage account, or its addresses:
  AzureWebJobsStorage__blobServiceUri   used with your own sign-in (az login);
  AzureWebJobsStorage__queueServiceUri  docs/permissions.md lists the roles
  AzureWebJobsStorage__tableServiceUri  that you need on the account${more}
Where the environment has none of them, local.settings.json is read.`;

export const storageHelp = storageHelpWith('');

/**
 * Runs a command on the storage account and reports its outcome.
 * @throws UsageError when the environment does not name storage; Failure when storage or sign-in refuses
 */
export async function reportOnStorage(
  context: Context,
  command: (settings: StorageSettings) => Promise<Outcome>,
): Promise<void> {
  const settings = readStorageSettings(withLocalSettings(context, 'AzureWebJobsStorage'));
  try {
    context.report(await command(settings));
  } catch (error) {
    throw failureOf(error) ?? error;
  }
}

/** Sends nothing. @throws UsageError when the connection string is malformed */
export function openStorage(settings: StorageSettings): Storage {
  try {
    return { queues: queueService(settings), blobs: blobService(settings) };
  } catch (cause) {
    throw new UsageError('AzureWebJobsStorage must be a connection string', { cause });
  }
}

function readStorageSettings(env: Environment): StorageSettings {
  const settings = storageSettingsOf(env);
  if (settings.kind === 'connectionString') {
    openStorage(settings);
    return settings;
  }
  for (const service of ['blob', 'queue', 'table'] as const) {
    const address = settings[`${service}ServiceUri`];
    // Anything else would not keep tokens secret in transit.
    if (URL.canParse(address) && new URL(address).protocol === 'https:') continue;
    throw new UsageError(`AzureWebJobsStorage__${service}ServiceUri must be a URL that begins with https://`);
  }
  return settings;
}

function storageSettingsOf(env: Environment): StorageSettings {
  try {
    return parseStorageSettings(env);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    const ways = 'AzureWebJobsStorage, or the three addresses AzureWebJobsStorage__…ServiceUri';
    throw new UsageError(`The environment does not name a storage account: set ${ways}`, { cause });
  }
}

const localSettings = z.object({ Values: z.record(z.string(), z.string()) });

/**
 * The environment; the local settings complete it only where it has no variable whose name begins with the prefix: a
 * deployment that the operator named is never exchanged for the local one.
 * @throws UsageError when the file is needed and malformed
 */
export function withLocalSettings(
  { env, settingsFile }: Pick<Context, 'env' | 'settingsFile'>,
  prefix: string,
): Environment {
  const isNamed = Object.keys(env).some((name) => name.startsWith(prefix));
  if (isNamed || !existsSync(settingsFile)) return env;
  try {
    return { ...localSettings.parse(JSON.parse(readFileSync(settingsFile, 'utf8'))).Values, ...env };
  } catch (cause) {
    throw new UsageError(`${settingsFile} must be a JSON file with an object Values`, { cause });
  }
}
