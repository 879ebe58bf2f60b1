/** Why someone is not signed in, in words, and what to do. */
import type { SignedOut } from './session.ts';

interface Reason {
  readonly tone: 'info' | 'warning';
  readonly title: string;
  /** What to do. */
  readonly next?: string;
}

export const reasons: Readonly<Record<SignedOut, Reason>> = {
  byUser: { tone: 'info', title: 'You are signed out.' },
  refused: {
    tone: 'warning',
    title: 'The key is not accepted anymore. It was revoked, or it has expired.',
    next: 'Ask an administrator of this deployment for another one.',
  },
  accountRefused: {
    tone: 'warning',
    title: 'This app does not accept your account.',
    next: 'Your organization is not one of its customers, or this app does not trust the sign-in. Sign in with another account, or ask an administrator of this deployment.',
  },
  ended: { tone: 'info', title: 'Your sign-in has ended.', next: 'Sign in again to continue here.' },
  canceled: {
    tone: 'info',
    title: 'The sign-in was canceled at Microsoft.',
    next: 'Nothing was changed. Sign in again when you want to.',
  },
  consentMissing: {
    tone: 'warning',
    title: 'Your organization has not consented to this app.',
    next: 'Ask one of its administrators to consent, then sign in again.',
  },
  noRole: {
    tone: 'warning',
    title: 'Your organization has assigned you no role in this app.',
    next: 'Ask one of its administrators for a role, then sign in again.',
  },
  policy: {
    tone: 'warning',
    title: 'A policy of your organization does not allow this sign-in.',
    next: 'It may depend on the device, the network, or the risk of the sign-in. Ask one of its administrators.',
  },
  tooLate: {
    tone: 'warning',
    title: 'The sign-in took too long.',
    next: 'Sign in again. If that does not help, check the date and the time of this device.',
  },
  unreachable: {
    tone: 'warning',
    title: 'The service that you sign in to did not answer.',
    next: 'Check the connection, and try again.',
  },
  notFinished: {
    tone: 'warning',
    title: 'The sign-in was not finished.',
    next: 'It belongs to another tab, or was begun too long ago. Sign in again here.',
  },
  malformedLink: {
    tone: 'warning',
    title: 'The link has no valid key.',
    next: 'It was cut, or is not one of this app. Paste the key.',
  },
};
