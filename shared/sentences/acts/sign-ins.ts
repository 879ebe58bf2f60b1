/** Sign-ins, and why they failed. */
import type { Acts } from '../act.ts';
import type { Facts } from '../facts.ts';
import { say, valuePart, type Phrase } from '../parts.ts';
import { actor, mailbox } from '../people.ts';
import { signInErrorOf, type SignInReason } from '../sign-in-errors.ts';
import { simple } from '../verbs.ts';
import { isConfirmation, oldProtocolIn } from '../ways-to-sign-in.ts';

const signedIn = ['UserLoggedIn'];

/** Sign-ins as they were recorded until 2019. */
const oldSignIns = [
  'PasswordLogonInitialAuthUsingPassword',
  'PasswordLogonInitialAuthUsingADFSFederatedToken',
  'PasswordLogonCookieCopyUsingDAToken',
  'ForeignRealmIndexLogonInitialAuthUsingADFSFederatedToken',
  'ForeignRealmIndexLogonInitialAuthUsingSAML20',
  'ForeignRealmIndexLogonCookieCopyUsingDAToken',
];

function from({ record }: Facts): Phrase | undefined {
  const { clientIp } = record;
  return clientIp === undefined ? undefined : say` from ${[valuePart(clientIp, 'clientIp')]}`;
}

function reason(facts: Facts): Phrase | undefined {
  const known = knownReason(facts);
  if (known !== undefined) return [{ text: `: ${known.text}` }];
  const error = facts.field('LogonError') || facts.field('ErrorNumber');
  return error === '' || error === '0' ? undefined : say`: ${error}`;
}

function knownReason({ field }: Facts): SignInReason | undefined {
  return signInErrorOf({ number: field('ErrorNumber'), name: field('LogonError') });
}

function hasFailed(facts: Facts): boolean {
  return !['', '0'].includes(facts.field('LoginStatus'));
}

export const signInActs = {
  passwordOnlySignIn: {
    operations: signedIn,
    when: ({ property }) => oldProtocolIn(property('UserAgent')) !== undefined,
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} signed in${from(facts)} with an old protocol that needs only a password`,
    changes: () => [],
  },
  confirmedSignIn: {
    operations: signedIn,
    when: ({ property }) => isConfirmation(property('RequestType')),
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} signed in${from(facts)} after confirming an application, as with a device code`,
    changes: () => [],
  },
  signInFailed: {
    operations: ['UserLoginFailed', ...oldSignIns],
    when: (facts) => facts.record.operation === 'UserLoginFailed' || hasFailed(facts),
    severity: (facts) => knownReason(facts)?.severity ?? 'routine',
    sentence: (facts) => say`${actor(facts)} could not sign in${from(facts)}${reason(facts)}`,
    changes: () => [],
    isOutcome: true,
  },
  signIn: {
    operations: [...signedIn, ...oldSignIns],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} signed in${from(facts)}`,
    changes: () => [],
  },
  mailboxSignIn: simple('signed in to', mailbox, 'routine', ['MailboxLogin']),
} as const satisfies Acts;
