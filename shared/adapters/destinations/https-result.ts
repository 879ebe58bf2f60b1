/** What an answer by HTTPS says about a batch. */
import type { SendResult } from '../../destinations/kind.ts';
import type { HttpsAnswer } from './https-client.ts';

/** What to do when the receiver refuses, by its status. */
export type NextSteps = Readonly<Record<number, string>>;

/**
 * By the status alone: 2xx is accepted, and what no later attempt changes is misconfigured.
 * @param detail why, in the receiver's words: without secrets, without content of records
 */
export function resultOfAnswer(
  { status, retryAfterMs: afterMs }: HttpsAnswer,
  nextSteps: NextSteps,
  detail?: string,
): SendResult {
  const cause = `The destination answered ${status}${detail === undefined ? '' : ` (${detail})`}.`;
  if (status >= 200 && status < 300) return { outcome: 'accepted' };
  if (status === 413) return { outcome: 'tooLarge' };
  if (status === 400 || status === 422) return { outcome: 'refused', cause };
  if (passing.includes(status) || status >= 500) return { outcome: 'retry', cause, afterMs };
  return { outcome: 'misconfigured', cause, nextStep: nextStepFor(status, nextSteps) };
}

/** Request Timeout, Too Early, Too Many Requests. */
const passing = [408, 425, 429];

export function nextStepFor(status: number, nextSteps: NextSteps): string {
  const known = nextSteps[status];
  if (known !== undefined) return known;
  if (status >= 300 && status < 400)
    return 'Set the address that it leads to: Auditkeep follows no redirect.';
  if (passing.includes(status) || status >= 500)
    return 'Test again later: the destination takes no records now.';
  return 'Check the address and the limits in the settings of the destination.';
}
