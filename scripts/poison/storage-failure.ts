/** What storage and sign-in refuse, in a line that says what to do. */
import {
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
} from '@azure/identity';
import { RestError } from '@azure/storage-queue';
import { Failure } from '../tenant/failure.ts';

const signInErrors = [
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
];

/** @see https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes */
const cures: Readonly<Record<string, string>> = {
  AuthorizationPermissionMismatch:
    'your account needs the roles Storage Queue Data Contributor and Storage Blob Data Reader on it; new ones take minutes',
  ContainerNotFound: 'nothing has ever landed in it, so it may be the wrong one',
  AuthorizationFailure: 'it is closed to this machine, or does not accept this key',
  AuthenticationFailed: 'it does not accept this key, or sign-in',
  KeyBasedAuthenticationNotPermitted: 'it accepts no keys: name its three service addresses, and sign in',
};

/** Undefined for what is none of storage's errors, but a defect. The message holds nothing of a request. */
export function storageFailure(error: unknown): Failure | undefined {
  if (signInErrors.some((kind) => error instanceof kind)) {
    return new Failure('Nobody is signed in whom Entra accepts: az login', { cause: error });
  }
  if (!(error instanceof RestError)) return undefined;
  return new Failure(reasonOf(error), { cause: error });
}

function reasonOf({ statusCode, code = '' }: RestError): string {
  if (statusCode === undefined) return `The storage account cannot be reached (${code})`;
  const cure = cures[code];
  return `The storage account refused (${statusCode} ${code})${cure === undefined ? '' : `: ${cure}`}`;
}
