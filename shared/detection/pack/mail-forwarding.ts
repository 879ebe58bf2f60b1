/** Email that leaves, or that its owner does not see. */
import type { Condition } from '../conditions/condition.ts';
import type { Rule } from '../rule.ts';
import {
  all,
  any,
  contains,
  exists,
  hasValue,
  is,
  isTrue,
  operation,
  packRule,
  succeeded,
} from './writing.ts';

const inboxRule = operation('New-InboxRule', 'Set-InboxRule', 'UpdateInboxRules');
const outside = exists('forwardedOutside');

const hiddenFolders = contains(
  'Parameters.MoveToFolder',
  ...['RSS', 'Archive', 'Junk', 'Deleted', 'Conversation History'],
);

/** Rules of Outlook are described in JSON. */
const outlookHides = contains(
  'OperationProperties.RuleActions',
  '"ActionType":"Delete',
  '"ActionType":"MarkAsRead',
);

const telltaleWords: Condition = any(
  ...['SubjectContainsWords', 'SubjectOrBodyContainsWords', 'BodyContainsWords'].map((name) =>
    contains(`Parameters.${name}`, 'invoice', 'payment', 'phish', 'hack', 'password'),
  ),
);

const transportCopies = any(
  ...['BlindCopyTo', 'CopyTo', 'RedirectMessageTo'].map((name) => hasValue(`Parameters.${name}`)),
  is('Parameters.SetSCL', '-1'),
);

export const mailForwardingRules: readonly Rule[] = [
  packRule({
    id: 'inboxRuleForwards',
    title: 'Inbox rule forwards email outside',
    description: 'An inbox rule forwards or redirects email to an address outside of the tenant.',
    nextSteps:
      'Ask the owner of the mailbox whether the rule is theirs. If not, delete the rule, revoke sessions, reset the password, and look for sign-ins from unknown networks before it.',
    severity: 'high',
    condition: all(inboxRule, outside, succeeded),
  }),
  packRule({
    id: 'mailboxForwards',
    title: 'Mailbox forwards email outside',
    description: 'A mailbox forwards all of its email to an address outside of the tenant.',
    nextSteps:
      'Ask who set it and why. If it was not agreed on, remove the forwarding address, and review what else the account did.',
    severity: 'high',
    condition: all(operation('Set-Mailbox'), outside, succeeded),
  }),
  packRule({
    id: 'forwardingTargetShared',
    title: 'Several users forward email to the same address outside',
    description:
      'At least two users forward email to the same address outside of the tenant within seven days.',
    nextSteps:
      'Treat the accounts as stolen by the same person until it is explained: remove the forwarding, revoke sessions, reset passwords, and block the address.',
    severity: 'high',
    condition: all(
      operation('New-InboxRule', 'Set-InboxRule', 'UpdateInboxRules', 'Set-Mailbox'),
      outside,
      succeeded,
    ),
    groupBy: ['forwardedOutside'],
    window: 'P7D',
    trigger: { kind: 'distinct', member: 'userId', atLeast: 2 },
  }),
  packRule({
    id: 'inboxRuleHides',
    title: 'Inbox rule hides email',
    description:
      'An inbox rule deletes email, marks it as read, or moves it to a folder that few people open. High if it looks for words such as invoice or password.',
    nextSteps:
      'Ask the owner of the mailbox whether the rule is theirs. If not, delete it, revoke sessions, reset the password, and search for email that the rule hid.',
    severity: 'medium',
    condition: all(
      inboxRule,
      any(
        isTrue('Parameters.DeleteMessage'),
        isTrue('Parameters.SoftDeleteMessage'),
        isTrue('Parameters.MarkAsRead'),
        hiddenFolders,
        outlookHides,
      ),
      succeeded,
    ),
    raiseTo: [{ severity: 'high', condition: telltaleWords }],
  }),
  packRule({
    id: 'inboxRuleNameless',
    title: 'Inbox rule with a name of punctuation only',
    description:
      'An inbox rule has a name such as "." or "..", as people choose who want it to be overlooked.',
    nextSteps: 'Look at what the rule does, and ask the owner of the mailbox whether it is theirs.',
    severity: 'medium',
    condition: all(
      operation('New-InboxRule', 'Set-InboxRule'),
      { op: 'regex', member: 'objectName', values: [String.raw`^[^\pL\pN]+$`] },
      succeeded,
    ),
  }),
  packRule({
    id: 'transportRuleChanged',
    title: 'Transport rule copies email or lets it pass, or was removed',
    description:
      'A transport rule was removed or turned off. High if one copies or redirects email, or lets it pass the spam filter.',
    nextSteps:
      'Ask the administrator who did it. Restore the rule or remove the new one if it was not agreed on.',
    severity: 'medium',
    condition: all(
      any(
        operation('Remove-TransportRule', 'Disable-TransportRule'),
        all(operation('New-TransportRule', 'Set-TransportRule'), transportCopies),
      ),
      succeeded,
    ),
    raiseTo: [
      {
        severity: 'high',
        condition: all(operation('New-TransportRule', 'Set-TransportRule'), transportCopies),
      },
    ],
  }),
];
