/** What Azure Storage says about a blob that was to be stored. */
import type { SendResult } from '../../../destinations/kind.ts';
import { resultOfUnreached, type HttpsAnswer } from '../https-client.ts';
import { resultOfAnswer, type NextSteps } from '../https-result.ts';
import type { PutAnswer } from './put-blob.ts';

type Failed = Exclude<SendResult, { readonly outcome: 'accepted' }>;

/** `exists`: there is a blob of that name already, which an earlier attempt has stored. */
export type PutResult = 'stored' | 'exists' | Failed;

export function resultOfPut(answer: PutAnswer): PutResult {
  if ('outcome' in answer) return answer;
  const result = answer.status === undefined ? resultOfUnreached(answer) : resultOf(answer);
  if (result === 'exists') return result;
  return result.outcome === 'accepted' ? 'stored' : result;
}

function resultOf(answer: HttpsAnswer): SendResult | 'exists' {
  const code = codeIn(answer);
  const cause = `The storage account answered ${answer.status}${code === undefined ? '' : ` (${code})`}.`;
  if (code !== undefined && existing.has(code)) return 'exists';
  if (code !== undefined && passing.has(code))
    return { outcome: 'retry', cause, afterMs: answer.retryAfterMs };
  const nextStep = code === undefined ? undefined : stepsByCode[code];
  if (nextStep !== undefined) return { outcome: 'misconfigured', cause, nextStep };
  const result = resultOfAnswer(answer, stepsByStatus, code);
  return 'cause' in result ? { ...result, cause } : result;
}

/** The code alone: the message may repeat the address, which has the signature. */
export function codeIn({ text }: HttpsAnswer): string | undefined {
  return /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1];
}

/** Also where a policy keeps blobs from being written again. */
const existing: ReadonlySet<string> = new Set([
  'BlobAlreadyExists',
  'BlobImmutableDueToPolicy',
  'ConditionNotMet',
  'TargetConditionNotMet',
]);

/** Whatever their status is. @see https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const passing: ReadonlySet<string> = new Set([
  'AccountBeingCreated',
  'ContainerBeingDeleted',
  'Md5Mismatch',
  'InternalError',
  'OperationTimedOut',
  'ServerBusy',
]);

const grantRole =
  'Assign Storage Blob Data Contributor on the container to the identity of the app, which takes effect within 10 minutes; a shared access signature must allow creating and writing.';
const createContainer = 'Create the container, or correct the address in the settings of the destination.';

const stepsByCode: Readonly<Record<string, string>> = {
  AuthenticationFailed:
    'Store a new shared access signature in the vault: this one has expired, is not valid yet, or was made with a key that was renewed.',
  AuthorizationFailure:
    'Let this deployment through the firewall of the storage account, and check what the signature permits.',
  AuthorizationPermissionMismatch: grantRole,
  InsufficientAccountPermissions: grantRole,
  AuthorizationSourceIPMismatch:
    'Make a signature that is not limited to other addresses than those of this deployment.',
  InvalidAuthenticationInfo:
    'Use a storage account whose subscription is in the Entra tenant of this deployment.',
  KeyBasedAuthenticationNotPermitted:
    'The account allows no keys: sign the shared access signature with a user delegation key, or use the identity of the app.',
  AccountIsDisabled: 'Enable the storage account.',
  ContainerDisabled: 'Enable the container.',
  ContainerNotFound: createContainer,
  InvalidResourceName: createContainer,
  ResourceTypeMismatch:
    'Remove the file whose name is that of a folder, or set an address with other folders.',
};

const stepsByStatus: NextSteps = {
  401: 'Use a storage account whose subscription is in the Entra tenant of this deployment.',
  403: grantRole,
  404: createContainer,
};
