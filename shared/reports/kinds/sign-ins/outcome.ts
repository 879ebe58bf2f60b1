/**
 * How a sign-in ended, by the number of its error.
 *
 * The operation decides whether someone signed in: ResultStatus is `Success` in most records of failures, and a record of
 * a sign-in can have the number of a page that was shown on the way.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
import { signInErrorOf } from '../../../sentences/sign-in-errors.ts';
import { normalOperation } from '../../../sentences/operation-name.ts';
import type { Facts } from '../../../sentences/facts.ts';
import { shortText } from '../../short-text.ts';

/** `interrupted`: a step was to follow, such as multifactor authentication; it may have, in a record of its own. */
export const endings = ['signedIn', 'failed', 'interrupted'] as const;
export type Ending = (typeof endings)[number];

/** A session, a second factor, a device, or a consent was needed first. */
const interrupts: ReadonlySet<string> = new Set([
  ...['50058', '50072', '50074', '50076', '50079', '50089', '50097', '50125', '50132', '50133', '50140'],
  ...['50158', '50173', '50199', '65001', '70008', '70043', '70044', '500133', '700082'],
]);

/** Failures of applications and their settings, and of accounts of other organizations: no one tried to get in. */
const ofApplications: ReadonlySet<string> = new Set([
  ...['16000', '50011', '50020', '50105', '50129', '51004', '65004', '81010'],
  ...['90072', '90094', '90095', '700016', '7000218'],
]);

/** What is checked after the password, or after a session that stands for it. */
const afterPassword: ReadonlySet<string> = new Set([
  ...['50055', '50072', '50074', '50076', '50079', '50125', '50140', '50158'],
  ...['53000', '53001', '53002', '53003', '53004', '500121'],
]);

const notPassed = '500121';

export interface Outcome {
  readonly ending: Ending;
  /** Why not, in words, or as in the record; empty for a sign-in. */
  readonly reason: string;
  /** A failure that guessing a password can cause. */
  readonly isAttempt: boolean;
  /** It did not end with a sign-in, but the password or a session was right. */
  readonly isAccepted: boolean;
  /** Multifactor authentication was requested and not passed. */
  readonly isRefused: boolean;
}

const signedIn: Outcome = {
  ending: 'signedIn',
  reason: '',
  isAttempt: false,
  isAccepted: false,
  isRefused: false,
};

/** Operations of sign-ins that {@link outcomeOf} knows. */
export const signInOperations = { succeeded: 'UserLoggedIn', failed: 'UserLoginFailed' } as const;

export function outcomeOf({ record, field }: Pick<Facts, 'record' | 'field'>): Outcome {
  if (normalOperation(record.operation ?? '') !== normalOperation(signInOperations.failed)) return signedIn;
  const given = { number: field('ErrorNumber') || field('ErrorCode'), name: field('LogonError') };
  const known = signInErrorOf(given);
  const number = known?.number ?? given.number;
  const isInterrupt = interrupts.has(number);
  return {
    ending: isInterrupt ? 'interrupted' : 'failed',
    reason: known?.text ?? unknownReason(given),
    isAttempt: !isInterrupt && !ofApplications.has(number),
    isAccepted: afterPassword.has(number),
    isRefused: number === notPassed,
  };
}

function unknownReason({ number, name }: { readonly number: string; readonly name: string }): string {
  if (name !== '') return shortText(name);
  return number === '' || number === '0' ? 'the record gives no reason' : shortText(`error ${number}`);
}
