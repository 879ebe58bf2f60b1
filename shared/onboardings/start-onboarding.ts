/** Starts onboardings: one at a time. */
import { wholePartner } from '../operations/operation.ts';
import {
  OperationInProgressError,
  startOperation,
  type StartOperationDeps,
} from '../operations/start-operation.ts';
import {
  onboardingRequestSchema,
  type Onboarding,
  type OnboardingRequest,
  type OnboardingStore,
} from './onboarding.ts';

export interface StartOnboardingDeps extends StartOperationDeps {
  readonly onboardings: OnboardingStore;
}

/**
 * The same request again returns the onboarding that is still running: a caller that was interrupted continues with it.
 * @throws OperationInProgressError naming the unfinished one of another request
 */
export async function startOnboarding(
  deps: StartOnboardingDeps,
  wanted: Pick<Onboarding, 'request' | 'createdBy'>,
): Promise<Onboarding> {
  const state = { results: [] };
  try {
    return await startOperation(deps, deps.onboardings, { ...wanted, tenantId: wholePartner, state });
  } catch (error) {
    if (!(error instanceof OperationInProgressError)) throw error;
    const running = await deps.onboardings.get({ id: error.operationId });
    if (running === undefined || textOf(running.request) !== textOf(wanted.request)) throw error;
    return running;
  }
}

/** The same for the same content: the schema decides the order of members. */
function textOf(request: OnboardingRequest): string {
  return JSON.stringify(onboardingRequestSchema.parse(request));
}
