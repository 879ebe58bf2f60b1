/** Refusals of storage and sign-in in one line that says what to do. */
import {
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
} from '@azure/identity';
import { RestError } from '@azure/storage-queue';
import { hasErrorCode } from '../../shared/adapters/storage.ts';
import { Failure } from '../command-line/failure.ts';

const signInErrors = [
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
];

/** @see https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes */
const remedies: Readonly<Record<string, string>> = {
  AuthorizationPermissionMismatch:
    'your account lacks a role on it, or got it a few minutes ago: docs/permissions.md lists the roles',
  ContainerNotFound: 'nothing has ever landed in it, so it may be the wrong account',
  AuthorizationFailure: 'it is closed to this machine, or does not accept this key',
  AuthenticationFailed: 'it does not accept this key, or sign-in',
  KeyBasedAuthenticationNotPermitted: 'it accepts no keys: set its three service addresses, and sign in',
};

/** Undefined for any other error, which is a defect. The message holds nothing of a request. */
export function failureOf(cause: unknown): Failure | undefined {
  if (signInErrors.some((kind) => cause instanceof kind)) {
    return new Failure('You are not signed in to Microsoft Entra ID: run az login', { cause });
  }
  return cause instanceof RestError ? new Failure(reasonOf(cause), { cause }) : undefined;
}

function reasonOf(error: RestError): string {
  if (error.statusCode === undefined) return `The storage account could not be reached (${error.code ?? ''})`;
  const [code = error.code ?? '', remedy] =
    Object.entries(remedies).find(([each]) => hasErrorCode(error, each)) ?? [];
  const reason = `The storage account refused (${`${error.statusCode} ${code}`.trimEnd()})`;
  return remedy === undefined ? reason : `${reason}: ${remedy}`;
}
