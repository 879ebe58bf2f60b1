/** The request that stores a blob. */
import { createHash } from 'node:crypto';
import type { ParquetSettings } from '../../../destinations/kinds/parquet.ts';
import type { SenderContext, SendResult } from '../../../destinations/kind.ts';
import type { HttpsAnswer, HttpsRequest, Unreached } from '../https-client.ts';

export interface Blob {
  /** Below the address of the destination. */
  readonly path: string;
  readonly body: Buffer;
  readonly contentType: string;
}

/** What the account answered; or why nothing was sent, and what to correct. */
export type PutAnswer = HttpsAnswer | Unreached | Misconfigured;
export type PutBlob = (blob: Blob, signal: AbortSignal) => Promise<PutAnswer>;
type Misconfigured = Extract<SendResult, { readonly outcome: 'misconfigured' }>;

/** One that every account has known since 2023. */
const version = '2023-11-03';

/**
 * Writes nothing where there is a blob of that name: who reads it never sees it change.
 * @see https://learn.microsoft.com/rest/api/storageservices/put-blob
 */
export async function putRequest(
  settings: ParquetSettings,
  context: SenderContext,
  { path, body, contentType }: Blob,
): Promise<HttpsRequest | Misconfigured> {
  const access = await accessOf(settings, context);
  if (access === undefined) return notSas;
  return {
    method: 'PUT',
    url: `${settings.url.replace(/\/$/, '')}/${path}${access.query}`,
    headers: {
      ...access.headers,
      'x-ms-version': version,
      'x-ms-date': context.now().toUTCString(),
      'x-ms-blob-type': 'BlockBlob',
      'if-none-match': '*',
      'content-type': contentType,
      'content-md5': createHash('md5').update(body).digest('base64'),
      'user-agent': 'Auditkeep',
    },
    body,
  };
}

interface Access {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: string;
}

/** The resource is the same in all clouds. */
const scope = 'https://storage.azure.com/.default';

/** Undefined if the secret is not a shared access signature. */
async function accessOf(
  { authentication }: ParquetSettings,
  context: SenderContext,
): Promise<Access | undefined> {
  if (authentication.kind === 'entra')
    return { headers: { authorization: `Bearer ${await context.token(scope)}` }, query: '' };
  const signature = signatureIn(await context.secret(authentication.secret));
  return signature === undefined ? undefined : { headers: {}, query: `?${signature}` };
}

/** As the portal shows it: alone, after a question mark, or in a connection string. */
function signatureIn(secret: string): string | undefined {
  const text = (/SharedAccessSignature=([^;]*)/.exec(secret)?.[1] ?? secret).trim().replace(/^\?/, '');
  return /^[\w.~%+/=&:-]+$/.test(text) && new URLSearchParams(text).has('sig') ? text : undefined;
}

const notSas: Misconfigured = {
  outcome: 'misconfigured',
  cause: 'The secret is not a shared access signature.',
  nextStep:
    'Store the signature of the container in the vault (sv=…&sig=…); a key of the account is not used, because it opens everything in it.',
};
