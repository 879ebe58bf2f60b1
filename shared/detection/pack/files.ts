/** Files, and who may see them. */
import type { Rule } from '../rule.ts';
import {
  all,
  any,
  contains,
  directoryOperation,
  isQuoted,
  operation,
  packRule,
  succeeded,
} from './writing.ts';

const manyFiles = { kind: 'distinct', member: 'objectId', atLeast: 200 } as const;

export const fileRules: readonly Rule[] = [
  packRule({
    id: 'massDownload',
    title: 'Many files downloaded',
    description: 'A user downloaded or synchronized at least 200 different files within 15 minutes.',
    nextSteps:
      'A new computer that synchronizes looks the same. Ask the user, above all if they are about to leave.',
    severity: 'medium',
    condition: operation('FileDownloaded', 'FileSyncDownloadedFull'),
    window: 'PT15M',
    trigger: manyFiles,
  }),
  packRule({
    id: 'massDeletion',
    title: 'Many files deleted or renamed',
    description:
      'A user deleted or renamed at least 200 different files within 15 minutes, as ransomware does.',
    nextSteps:
      'Ask the user. If it was not them, disconnect the device, revoke sessions, and restore the library to a time before.',
    severity: 'high',
    condition: operation('FileDeleted', 'FileRecycled', 'FileRenamed'),
    window: 'PT15M',
    trigger: manyFiles,
  }),
  packRule({
    id: 'anonymousLinks',
    title: 'Many links for anyone created',
    description: 'A user created at least ten links within an hour that anyone can open without signing in.',
    nextSteps: 'Ask what they are for. Links for certain people, or with an end date, are usually enough.',
    severity: 'medium',
    condition: operation('AnonymousLinkCreated'),
    trigger: { kind: 'count', atLeast: 10 },
  }),
  packRule({
    id: 'sharingWidened',
    title: 'Sharing opened to more people',
    description: 'The policy of a site or of the organization now includes guests, or links for anyone.',
    nextSteps: 'Check who requested the change.',
    severity: 'medium',
    condition: all(
      operation('SharingPolicyChanged'),
      any(
        isQuoted('ModifiedProperties.ShareWithGuests.NewValue', 'Enabled', 'True'),
        isQuoted('ModifiedProperties.ShareUsingAnonymousLinks.NewValue', 'Enabled', 'True'),
        contains('ModifiedProperties.SharingCapability.NewValue', 'External'),
      ),
      succeeded,
    ),
  }),
  packRule({
    id: 'guestSpike',
    title: 'Many guests invited',
    description: 'A user invited at least ten guests within an hour.',
    nextSteps: 'Ask what for, and whether the guests are expected.',
    severity: 'low',
    condition: all(directoryOperation('Invite external user'), succeeded),
    trigger: { kind: 'count', atLeast: 10 },
  }),
];
