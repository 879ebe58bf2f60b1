/** Starts verifications: one at a time in a tenant. */
import { invalidParameter } from '../errors.ts';
import { startOperation, type StartOperationDeps } from '../operations/start-operation.ts';
import {
  nothingVerified,
  settleMs,
  type Verification,
  type VerificationRequest,
  type VerificationStore,
} from './verification.ts';

export interface StartVerificationDeps extends StartOperationDeps {
  readonly verifications: VerificationStore;
}

export type WantedVerification = Omit<VerificationRequest, 'to'> & {
  readonly tenantId: string;
  readonly to?: Date | undefined;
  readonly createdBy: string;
};

/**
 * @throws RequestError 400 for an empty range
 * @throws OperationInProgressError naming the unfinished one
 */
export async function startVerification(
  deps: StartVerificationDeps,
  { tenantId, createdBy, ...wanted }: WantedVerification,
): Promise<Verification> {
  const request = { ...wanted, to: lastOf(wanted.to, deps.now()) };
  if (request.from !== undefined && request.from >= request.to)
    throw invalidParameter('from', "'from' must be before 'to', and more than 15 minutes ago.");
  return await startOperation(deps, deps.verifications, {
    tenantId,
    createdBy,
    request,
    state: nothingVerified,
  });
}

/** What landed a moment ago is left out. */
export function lastOf(to: Date | undefined, now: Date): Date {
  const settled = new Date(now.getTime() - settleMs);
  return to === undefined || to > settled ? settled : to;
}
