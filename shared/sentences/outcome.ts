/** Whether what a record is about succeeded. */
import type { Act, Severity } from './act.ts';
import type { Facts } from './facts.ts';
import type { Phrase } from './parts.ts';

/** Spellings of ResultStatus. */
const failed = /^(?:false|fail|failed|failure|error)$/i;
const inPart = /^partially\s?succeeded$/i;

/** What did not happen is worth reading, but nothing has changed. */
export function severityOf(act: Act, facts: Facts): Severity {
  const severity = typeof act.severity === 'function' ? act.severity(facts) : act.severity;
  return severity === 'high' && hasFailed(act, facts) ? 'notable' : severity;
}

/** What the sentence of the act says of the outcome at its end. */
export function outcome(act: Act, facts: Facts): Phrase {
  if (hasFailed(act, facts)) return [{ text: ', which failed' }];
  return inPart.test(facts.record.resultStatus ?? '') ? [{ text: ', which succeeded only in part' }] : [];
}

function hasFailed({ isOutcome }: Act, { record }: Facts): boolean {
  return isOutcome !== true && failed.test(record.resultStatus?.trim() ?? '');
}
