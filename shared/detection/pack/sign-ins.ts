/** Sign-ins. */
import type { Rule } from '../rule.ts';
import { all, any, contains, hasValue, is, isTrue, not, operation, packRule } from './writing.ts';

/** Records of sign-ins that failed may say "Success": the operation tells. */
const signedIn = operation('UserLoggedIn');
const wrongPassword = all(operation('UserLoginFailed'), is('ErrorNumber', 50126));

/** Below an address, users of one office can mistype their passwords without alarm. */
const usersOfSpray = 10;
const attemptsOfBruteForce = 20;

export const signInRules: readonly Rule[] = [
  packRule({
    id: 'legacySignIn',
    title: 'Sign-in without modern authentication',
    description:
      'A user signed in with a protocol that knows no multi-factor authentication: POP, IMAP, SMTP, or a password that a client passed on.',
    nextSteps: 'Find out which client it is, replace it, and block legacy authentication.',
    severity: 'low',
    condition: any(
      all(signedIn, is('ExtendedProperties.UserAgent', 'BAV2ROPC', 'CBAInPROD', 'CBAinTAR')),
      all(
        operation('UserLoggedIn', 'MailboxLogin', 'MailItemsAccessed'),
        contains('ClientInfoString', 'Client=POP', 'Client=IMAP', 'Client=SMTP'),
      ),
    ),
    window: 'P1D',
  }),
  packRule({
    id: 'deviceCodeSignIn',
    title: 'Sign-in on an unmanaged device with a code',
    description:
      'A user signed in by the page on which a code of another device is confirmed, and the device is not managed. Thieves send such codes in email.',
    nextSteps:
      'Ask the user whether they entered a code, and who sent it. Revoke sessions if they did not start it.',
    severity: 'medium',
    condition: all(
      signedIn,
      is('ExtendedProperties.RequestType', 'Cmsi:Cmsi'),
      not(isTrue('DeviceProperties.IsCompliantAndManaged')),
    ),
  }),
  packRule({
    id: 'signInFromNewNetwork',
    title: 'Sign-in from a network new for the user',
    description:
      'A user signed in from a network that none of their sign-ins came from in the 30 days before. A network is the first 24 bits of an IPv4 address, or 48 of IPv6.',
    nextSteps: 'By itself, this happens when people travel. Look at what the account did afterward.',
    severity: 'low',
    condition: all(signedIn, hasValue('clientNetwork')),
    window: 'P1D',
    trigger: { kind: 'firstSeen', member: 'clientNetwork', days: 30 },
  }),
  packRule({
    id: 'passwordSpray',
    title: 'Wrong passwords for many users from one address',
    description: `Passwords of at least ${usersOfSpray} users were wrong from one address within ten minutes.`,
    nextSteps: 'Block the address if it is not one of your own. Look for users who signed in from it.',
    severity: 'medium',
    condition: wrongPassword,
    groupBy: ['clientIp'],
    window: 'PT10M',
    trigger: { kind: 'distinct', member: 'userId', atLeast: usersOfSpray },
  }),
  packRule({
    id: 'signInAfterSpray',
    title: 'Sign-in from an address that tried many users',
    description: `A user signed in from an address within ten minutes of wrong passwords for at least ${usersOfSpray} users from there.`,
    nextSteps:
      'Unless the address is one of your offices: revoke sessions of the user, reset the password, and review what the account did.',
    severity: 'high',
    condition: any(wrongPassword, signedIn),
    groupBy: ['clientIp'],
    window: 'PT10M',
    trigger: {
      kind: 'sequence',
      ordered: true,
      steps: [
        { name: 'wrong passwords', condition: wrongPassword, atLeast: usersOfSpray, distinct: 'userId' },
        { name: 'sign-in', condition: signedIn },
      ],
    },
  }),
  packRule({
    id: 'passwordGuessing',
    title: 'Many wrong passwords for one user',
    description: `At least ${attemptsOfBruteForce} passwords were wrong for one user within ten minutes.`,
    nextSteps: 'Often a device with an old password. Look at the addresses that they came from.',
    severity: 'medium',
    condition: wrongPassword,
    window: 'PT10M',
    trigger: { kind: 'count', atLeast: attemptsOfBruteForce },
  }),
  packRule({
    id: 'signInAfterGuessing',
    title: 'Sign-in after many wrong passwords',
    description: `A user signed in within ten minutes of at least ${attemptsOfBruteForce} wrong passwords.`,
    nextSteps:
      'Ask the user whether it was them. If not, revoke sessions, reset the password, and review what the account did.',
    severity: 'high',
    condition: any(wrongPassword, signedIn),
    window: 'PT10M',
    trigger: {
      kind: 'sequence',
      ordered: true,
      steps: [
        { name: 'wrong passwords', condition: wrongPassword, atLeast: attemptsOfBruteForce },
        { name: 'sign-in', condition: signedIn },
      ],
    },
  }),
  packRule({
    id: 'mfaFatigue',
    title: 'Many requests to confirm a sign-in denied',
    description:
      'At least five requests of multi-factor authentication failed for one user within ten minutes.',
    nextSteps:
      'The password is known to someone else: reset it, and tell the user to deny what they did not start.',
    severity: 'high',
    condition: all(operation('UserLoginFailed'), is('ErrorNumber', 500121)),
    window: 'PT10M',
    trigger: { kind: 'count', atLeast: 5 },
  }),
];
