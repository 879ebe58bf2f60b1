/** Who may use a mailbox, and where its email goes. */
import { isOutside, recipientsIn } from '../addresses.ts';
import type { Acts, Severity } from '../act.ts';
import { isOff, isOn, type Facts } from '../facts.ts';
import { listedValues, say, valueOr, type Phrase } from '../parts.ts';
import { actor, isByMicrosoft, mailbox, personOr, sameAsActor } from '../people.ts';

/** The one who gets a permission: cmdlets name them by one of these. */
function grantee({ parameter }: Facts): string {
  return parameter('User') || parameter('Trustee') || parameter('GrantSendOnBehalfTo');
}

/** Letting oneself into a mailbox matters more than letting a colleague in. */
function severityOfGrant(facts: Facts): Severity {
  if (isByMicrosoft(facts)) return 'routine';
  return sameAsActor(facts, grantee(facts)) || isEveryone(grantee(facts)) ? 'high' : 'notable';
}

/** Names that stand for all people. */
export function isEveryone(name: string): boolean {
  return /^(?:default|anonymous|everyone|s-1-1-0|nt authority\\anonymous logon)$/i.test(name.trim());
}

function forwardingTargets({ parameter }: Facts): readonly string[] {
  return forwardingParameters.flatMap((name) => recipientsIn(parameter(name)));
}

const forwardingParameters = ['ForwardingSmtpAddress', 'ForwardingAddress'];

function namesParameter({ parameters }: Facts, names: readonly string[]): boolean {
  return parameters().some(({ name }) => names.some((one) => one.toLowerCase() === name.toLowerCase()));
}

function copyKept({ parameter }: Facts): Phrase | undefined {
  const keeps = parameter('DeliverToMailboxAndForward');
  if (isOn(keeps)) return say`, and the mailbox keeps a copy`;
  return isOff(keeps) ? say`, and the mailbox keeps no copy` : undefined;
}

export const mailboxActs = {
  forwardingSet: {
    operations: ['Set-Mailbox'],
    when: (facts) => forwardingTargets(facts).length > 0,
    severity: (facts) => (forwardingTargets(facts).some((one) => isOutside(facts, one)) ? 'high' : 'notable'),
    sentence: (facts) =>
      say`${actor(facts)} set up forwarding of all email for ${mailbox(facts)} to ${listedValues(forwardingTargets(facts))}${copyKept(facts)}`,
  },
  forwardingRemoved: {
    operations: ['Set-Mailbox'],
    when: (facts) => namesParameter(facts, forwardingParameters),
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} stopped forwarding of email for ${mailbox(facts)}`,
  },
  mailboxPermissionAdded: {
    operations: ['Add-MailboxPermission'],
    when: ({ parameter }) => !isOn(parameter('Deny')),
    severity: severityOfGrant,
    sentence: (facts) => {
      const rights = valueOr(facts.parameter('AccessRights'), 'a permission');
      return say`${actor(facts)} gave ${personOr(facts, grantee(facts), 'someone')} ${rights} to ${mailbox(facts)}`;
    },
  },
} as const satisfies Acts;
