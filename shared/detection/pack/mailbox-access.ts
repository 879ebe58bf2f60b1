/** Access to mailboxes of others. */
import type { Rule } from '../rule.ts';
import {
  all,
  any,
  byMicrosoft,
  contains,
  hasValue,
  is,
  isTrue,
  not,
  operation,
  packRule,
  succeeded,
} from './writing.ts';

export const mailboxAccessRules: readonly Rule[] = [
  packRule({
    id: 'mailboxPermissionGranted',
    title: 'Access to a mailbox was granted',
    description:
      'Someone got full access to a mailbox, or may send as it or on its behalf. High if they granted it to themselves.',
    nextSteps: 'Check that the owner or their manager requested it. Remove the permission if they did not.',
    severity: 'medium',
    condition: all(
      any(
        all(operation('Add-MailboxPermission'), contains('Parameters.AccessRights', 'FullAccess')),
        all(operation('Add-RecipientPermission'), contains('Parameters.AccessRights', 'SendAs')),
        all(operation('Set-Mailbox'), hasValue('Parameters.GrantSendOnBehalfTo')),
      ),
      not(byMicrosoft),
      succeeded,
    ),
    raiseTo: [{ severity: 'high', condition: is('grantee', 'actor') }],
  }),
  packRule({
    id: 'folderOpenedToEveryone',
    title: 'Mailbox folder opened to everyone',
    description: 'Everyone in the organization, or anyone at all, may read a folder of a mailbox.',
    nextSteps:
      'Ask the owner of the mailbox whether they meant to. Set the permission of Default back to None.',
    severity: 'low',
    condition: all(
      operation('AddFolderPermissions', 'ModifyFolderPermissions'),
      is('Item.ParentFolder.MemberUpn', 'Everyone', 'Default', 'Anonymous'),
      contains('Item.ParentFolder.MemberRights', 'ReadAny'),
      succeeded,
    ),
  }),
  packRule({
    id: 'mailboxOpenedByOther',
    title: 'Mailbox read by someone new',
    description:
      'Someone other than the owner read email in a mailbox, and had not done so in the 30 days before.',
    nextSteps: 'Check that the access was granted for a reason, and when.',
    severity: 'low',
    condition: all(operation('MailItemsAccessed'), is('LogonType', 1, 2), not(byMicrosoft), succeeded),
    groupBy: ['mailboxOwner'],
    window: 'P1D',
    trigger: { kind: 'firstSeen', member: 'userId', days: 30 },
  }),
  packRule({
    id: 'mailReadByNewApplication',
    title: 'Application new to the tenant reads email',
    description:
      'An application that had not read email of the tenant in the 14 days before does so through Microsoft Graph or another web interface.',
    nextSteps:
      'Find the application by its ID in Entra ID, who consented to it, and how many mailboxes it reads. Disable its service principal if it is unknown.',
    severity: 'medium',
    condition: all(
      operation('MailItemsAccessed'),
      contains('ClientInfoString', 'Client=REST'),
      hasValue('ClientAppId'),
    ),
    groupBy: [],
    window: 'P1D',
    trigger: { kind: 'firstSeen', member: 'ClientAppId', days: 14, newGroups: 'fire' },
  }),
  packRule({
    id: 'mailReadThrottled',
    title: 'So much email was read that records are missing',
    description:
      'A mailbox was read so often that Exchange stopped recording what was read for 24 hours. Synchronizing a whole mailbox looks the same.',
    nextSteps: 'Find out which client or application read the mailbox, and whether its owner set it up.',
    severity: 'medium',
    condition: all(operation('MailItemsAccessed'), isTrue('OperationProperties.IsThrottled')),
    groupBy: ['mailboxOwner'],
    window: 'P1D',
  }),
];
