/** Mailboxes: who may use them, where their email goes, and their settings. */
import type { Acts, Change, Severity } from '../act.ts';
import { isOutside, recipientsIn } from '../addresses.ts';
import { changesIn, namesOfChanges } from '../changes.ts';
import { isOff, isOn, type Facts } from '../facts.ts';
import { listed, listedValues, say, valueOr, type Phrase } from '../parts.ts';
import { actor, isByMicrosoft, isEveryone, mailbox, mailboxName, personOr, sameAsActor } from '../people.ts';
import { simple, whatChanged } from '../verbs.ts';

/** The one who gets or loses a permission: cmdlets name them by one of these. */
function grantee({ parameter }: Facts): string {
  return parameter('User') || parameter('Trustee') || parameter('GrantSendOnBehalfTo');
}

function granteeOf(facts: Facts): Phrase {
  return personOr(facts, grantee(facts), 'someone');
}

function owner(facts: Facts): Phrase {
  return personOr(facts, mailboxName(facts), 'a mailbox');
}

function rights({ parameter }: Facts): Phrase {
  return valueOr(parameter('AccessRights'), 'a permission');
}

/** Letting oneself into a mailbox matters more than letting a colleague in. */
function severityOfGrant(facts: Facts): Severity {
  if (isByMicrosoft(facts)) return 'routine';
  return sameAsActor(facts, grantee(facts)) || isEveryone(grantee(facts)) ? 'high' : 'notable';
}

const forwardingParameters = ['ForwardingSmtpAddress', 'ForwardingAddress'];

function forwardingTargets({ parameter }: Facts): readonly string[] {
  return forwardingParameters.flatMap((name) => recipientsIn(parameter(name)));
}

function cleared({ parameters }: Facts): readonly Change[] {
  const named = parameters().filter(({ name }) => forwardingParameters.includes(name));
  return named.map(({ name }) => ({ what: name }));
}

function copyKept({ parameter }: Facts): Phrase | undefined {
  const keeps = parameter('DeliverToMailboxAndForward');
  if (isOn(keeps)) return say`, keeping a copy`;
  return isOff(keeps) ? say`, keeping no copy` : undefined;
}

/** Protocols that know only passwords, and what of Set-CASMailbox allows them. */
const oldProtocols: readonly (readonly [
  parameter: string,
  isAllowed: (value: string) => boolean,
  name: string,
])[] = [
  ['PopEnabled', isOn, 'POP'],
  ['ImapEnabled', isOn, 'IMAP'],
  ['SmtpClientAuthenticationDisabled', isOff, 'authenticated SMTP'],
];

function allowedProtocols({ parameter }: Facts): readonly Phrase[] {
  const allowed = oldProtocols.filter(([name, isAllowed]) => isAllowed(parameter(name)));
  return allowed.map(([, , name]) => [{ text: name }]);
}

function changedSettings(facts: Facts): Phrase {
  return say`${whatChanged(namesOfChanges(facts), 'setting')} of ${mailbox(facts)}`;
}

export const mailboxActs = {
  forwardingSet: {
    operations: ['Set-Mailbox'],
    when: (facts) => forwardingTargets(facts).length > 0,
    severity: (facts) => (forwardingTargets(facts).some((one) => isOutside(facts, one)) ? 'high' : 'notable'),
    sentence: (facts) =>
      say`${actor(facts)} set up forwarding of all email from ${mailbox(facts)} to ${listedValues(forwardingTargets(facts))}${copyKept(facts)}`,
  },
  forwardingRemoved: {
    operations: ['Set-Mailbox'],
    when: (facts) => cleared(facts).length > 0,
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} stopped the forwarding of email from ${mailbox(facts)}`,
    changes: (facts) => [...cleared(facts), ...changesIn(facts)],
  },
  litigationHoldRemoved: {
    ...simple('removed the litigation hold from', mailbox, 'high', ['Set-Mailbox']),
    when: ({ parameter }) => isOff(parameter('LitigationHoldEnabled')),
  },
  litigationHoldSet: {
    ...simple('placed a litigation hold on', mailbox, 'notable', ['Set-Mailbox']),
    when: ({ parameter }) => isOn(parameter('LitigationHoldEnabled')),
  },
  sendOnBehalfGranted: {
    operations: ['Set-Mailbox'],
    when: ({ parameter }) => parameter('GrantSendOnBehalfTo') !== '',
    severity: severityOfGrant,
    sentence: (facts) => say`${actor(facts)} let ${granteeOf(facts)} send email on behalf of ${owner(facts)}`,
  },
  mailboxChanged: simple('changed', changedSettings, 'routine', ['Set-Mailbox']),
  mailboxPermissionAdded: {
    operations: ['Add-MailboxPermission'],
    when: ({ parameter }) => !isOn(parameter('Deny')),
    severity: severityOfGrant,
    sentence: (facts) => say`${actor(facts)} gave ${granteeOf(facts)} ${rights(facts)} to ${mailbox(facts)}`,
  },
  mailboxPermissionDenied: {
    operations: ['Add-MailboxPermission'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} denied ${granteeOf(facts)} ${rights(facts)} to ${mailbox(facts)}`,
  },
  mailboxPermissionRemoved: {
    operations: ['Remove-MailboxPermission'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} revoked ${rights(facts)} to ${mailbox(facts)} from ${granteeOf(facts)}`,
  },
  sendAsGranted: {
    operations: ['Add-RecipientPermission'],
    severity: severityOfGrant,
    sentence: (facts) => say`${actor(facts)} let ${granteeOf(facts)} send email as ${owner(facts)}`,
  },
  sendAsRevoked: {
    operations: ['Remove-RecipientPermission'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} no longer lets ${granteeOf(facts)} send email as ${owner(facts)}`,
  },
  mailboxCreated: simple('created', mailbox, 'routine', ['New-Mailbox', 'Enable-Mailbox']),
  mailboxDeleted: simple('deleted', mailbox, (facts) => (isByMicrosoft(facts) ? 'routine' : 'notable'), [
    'Remove-Mailbox',
    'Disable-Mailbox',
  ]),
  oldProtocolsAllowed: {
    operations: ['Set-CASMailbox'],
    when: (facts) => allowedProtocols(facts).length > 0,
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} allowed ${listed(allowedProtocols(facts))} for ${mailbox(facts)}`,
  },
  mailboxProtocolsChanged: simple('changed', changedSettings, 'routine', ['Set-CASMailbox']),
  automaticRepliesChanged: simple('changed the automatic replies of', mailbox, 'routine', [
    'Set-MailboxAutoReplyConfiguration',
  ]),
  junkSettingsChanged: simple('changed the junk email settings of', mailbox, 'routine', [
    'Set-MailboxJunkEmailConfiguration',
  ]),
  calendarProcessingChanged: simple('changed the processing of meeting requests in', mailbox, 'routine', [
    'Set-CalendarProcessing',
  ]),
} as const satisfies Acts;
