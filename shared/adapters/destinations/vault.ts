/** Reads the secrets of destinations from Key Vault. */
import { LRUCache } from 'lru-cache';
import axios, { isAxiosError } from 'axios';
import { Agent } from 'node:https';
import * as z from 'zod';
import { SecretUnavailableError, type SenderContext } from '../../destinations/kind.ts';

export interface VaultOptions {
  /** Address of the vault; undefined where there is none. */
  readonly url: string | undefined;
  readonly token: SenderContext['token'];
}

/** @see https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret */
const apiVersion = '7.4';
const scope = 'https://vault.azure.net/.default';
const keptMs = 5 * 60_000;
const keptSecrets = 500;
const timeoutMs = 10_000;

const answerSchema = z.object({ value: z.string().min(1) });

/** A secret that was rotated is used five minutes later at the latest. */
export function createSecretReader({ url, token }: VaultOptions): SenderContext['secret'] {
  const known = new LRUCache<string, string>({ max: keptSecrets, ttl: keptMs });
  const httpsAgent = new Agent({ keepAlive: true, maxSockets: 4 });
  return async (name) => {
    const kept = known.get(name);
    if (kept !== undefined) return kept;
    if (url === undefined)
      throw new SecretUnavailableError('There is no vault: set AUDITKEEP_KEY_VAULT_URL.');
    const headers = { authorization: `Bearer ${await token(scope)}` };
    const address = `${url}/secrets/${name}?api-version=${apiVersion}`;
    const options = { headers, httpsAgent, maxRedirects: 0, timeout: timeoutMs, proxy: false } as const;
    const { data } = await axios.get<unknown>(address, options).catch((error: unknown) => {
      throw isRefusal(error) ? new SecretUnavailableError(`The vault has no secret ${name} to read.`) : error;
    });
    const { value } = answerSchema.parse(data);
    known.set(name, value);
    return value;
  };
}

/** It does not exist, is disabled, or may not be read. Anything else may pass. */
function isRefusal(error: unknown): boolean {
  return isAxiosError(error) && [400, 401, 403, 404].includes(error.response?.status ?? 0);
}
