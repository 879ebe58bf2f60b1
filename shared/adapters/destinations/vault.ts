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
  readonly now: SenderContext['now'];
  /** Authority of the certificate of the vault, PEM. @default those that Node trusts */
  readonly certificateAuthority?: string | undefined;
}

/** @see https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret */
const apiVersion = '7.4';
const scope = 'https://vault.azure.net/.default';
const keptMs = 5 * 60_000;
const keptSecrets = 500;
const timeoutMs = 10_000;

const answerSchema = z.object({ value: z.string().min(1) });

/** A secret that was rotated is used five minutes later at the latest. */
export function createSecretReader({
  url,
  token,
  now,
  certificateAuthority: ca,
}: VaultOptions): SenderContext['secret'] {
  const known = new LRUCache<string, string>({
    max: keptSecrets,
    ttl: keptMs,
    ttlResolution: 0,
    perf: { now: () => now().getTime() },
  });
  const httpsAgent = new Agent({ keepAlive: true, maxSockets: 4, ca });
  return async (name) => {
    const kept = known.get(name);
    if (kept !== undefined) return kept;
    if (url === undefined)
      throw new SecretUnavailableError('There is no vault: set AUDITKEEP_KEY_VAULT_URL.');
    const headers = { authorization: `Bearer ${await token(scope)}` };
    const address = `${url}/secrets/${name}?api-version=${apiVersion}`;
    const options = { headers, httpsAgent, maxRedirects: 0, timeout: timeoutMs, proxy: false } as const;
    const { data } = await axios.get<unknown>(address, options).catch((error: unknown) => {
      throw failureOf(name, error);
    });
    const answer = answerSchema.safeParse(data).data;
    if (answer === undefined) throw new VaultUnavailableError('The answer of the vault is not a secret.');
    known.set(name, answer.value);
    return answer.value;
  };
}

/** It may be read later. Without the error that is behind it, which has the token of the request. */
class VaultUnavailableError extends Error {
  override readonly name = 'VaultUnavailableError';
}

/** Refusals: it does not exist, is disabled, or may not be read. Anything else may pass. */
const refusals: readonly unknown[] = [400, 401, 403, 404];

function failureOf(secret: string, error: unknown): Error {
  const { response, code = 'unknown' } = isAxiosError(error) ? error : {};
  if (refusals.includes(response?.status))
    return new SecretUnavailableError(`The vault has no secret ${secret} to read.`);
  return new VaultUnavailableError(`The vault does not answer (${response?.status ?? code}).`);
}
