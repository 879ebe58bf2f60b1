/** An enablement as answers show it. */
import { resultOf, type OperationResult } from '../operations/operation-result.ts';
import { enablementKind, isOpen, type Enablement } from './enablement.ts';

export const enablementStatuses = [
  'NotStarted',
  'Running',
  'Succeeded',
  'PartiallySucceeded',
  'Failed',
  'Canceled',
] as const;

export function publicEnablement(one: Enablement) {
  const { steps } = one.state;
  const requested = steps.filter(({ status }) => status !== 'Skipped');
  const done = requested.filter((step) => !isOpen(step)).length;
  return {
    id: one.id,
    tenantId: one.tenantId,
    status: publicStatus(one),
    dryRun: one.request.dryRun,
    percentComplete: requested.length === 0 ? 100 : Math.round((100 * done) / requested.length),
    createdDateTime: one.createdDateTime.toISOString(),
    lastActionDateTime: one.lastActionDateTime.toISOString(),
    steps,
  };
}

/** Partial success: some steps failed. */
export function publicStatus({ status, state }: Enablement): (typeof enablementStatuses)[number] {
  const hasFailures = state.steps.some((step) => step.status === 'Failed');
  return status === 'Succeeded' && hasFailures ? 'PartiallySucceeded' : status;
}

/** Partial success and cancellation have a result: the steps say what was done. */
export function enablementResult(one: Enablement): OperationResult {
  if (one.status === 'Canceled') return { status: 200 };
  const result = resultOf(enablementKind, one);
  if (result.status !== 422) return result;
  const failed = one.state.steps.filter(({ status }) => status === 'Failed');
  const details = failed.map(({ name, errorCode, errorMessage }) => ({
    code: errorCode,
    message: errorMessage,
    target: name,
  }));
  const message = details[0]?.message ?? 'Every step failed.';
  return { status: 422, error: { code: 'EnablementFailed', message, details } };
}
