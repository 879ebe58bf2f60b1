/** Shared Key Lite, which is how clients with a connection string sign requests. */
import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusals.ts';

/** Base64 keys by account name. */
export type Accounts = ReadonlyMap<string, string>;

/**
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
 * @throws Refusal of a request that is signed with another key or in another way, or of another account
 */
export function authorize(accounts: Accounts, account: string, url: URL, headers: IncomingHttpHeaders): void {
  const key = accounts.get(account);
  if (key === undefined) throw new Refusal('AuthenticationFailed', `There is no account '${account}'.`);
  const { authorization = '' } = headers;
  if (!authorization.startsWith('SharedKeyLite '))
    throw new Refusal('AuthenticationFailed', 'The local table service takes SharedKeyLite only.');
  const comp = url.searchParams.get('comp');
  const resource = `/${account}${url.pathname}${comp === null ? '' : `?comp=${comp}`}`;
  const text = `${String(headers['x-ms-date'] ?? headers.date ?? '')}\n${resource}`;
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
  if (authorization !== `SharedKeyLite ${account}:${signature}`) throw new Refusal('AuthenticationFailed');
}
