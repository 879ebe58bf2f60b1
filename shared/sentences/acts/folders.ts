/** Permissions to folders of mailboxes, by cmdlets and as mailboxes record them. */
import { isObject } from '../../json.ts';
import { recipientIn } from '../../records/recipient-names.ts';
import type { Act, Acts } from '../act.ts';
import { change } from '../changes.ts';
import { plainText, type Facts } from '../facts.ts';
import { say, valueOr, type Phrase } from '../parts.ts';
import { actor, isEveryone, mailbox, mailboxName, personOr, sameAsActor } from '../people.ts';
import { simple } from '../verbs.ts';

const grants = [
  ...['Add-MailboxFolderPermission', 'Set-MailboxFolderPermission'],
  ...['AddFolderPermissions', 'ModifyFolderPermissions', 'UpdateFolderPermissions'],
];
const removals = ['Remove-MailboxFolderPermission', 'RemoveFolderPermissions'];

/** A member of `Item.ParentFolder`, as records of mailboxes have it. */
function ofFolder({ fields }: Facts, member: string): string {
  const item = isObject(fields['Item']) ? fields['Item'] : {};
  const folder = isObject(item['ParentFolder']) ? item['ParentFolder'] : {};
  return plainText(folder[member]);
}

function grantee(facts: Facts): string {
  return facts.parameter('User') || ofFolder(facts, 'MemberUpn') || ofFolder(facts, 'MemberSid');
}

function rightsOf(facts: Facts): string {
  return facts.parameter('AccessRights') || ofFolder(facts, 'MemberRights');
}

/** `bo@contoso.example:\Calendar` is a folder of Bo's mailbox. */
function folderPath(facts: Facts): string {
  const [, path = ''] = /:(\\.*)$/s.exec(facts.parameter('Identity').slice(-300)) ?? [];
  return path || ofFolder(facts, 'Path') || ofFolder(facts, 'Name');
}

function folder(facts: Facts): Phrase {
  return say`the folder ${valueOr(folderPath(facts), 'without a name')} in ${mailbox(facts)}`;
}

/** What lets others see more than whether someone is busy. */
const opens = /(?:readany|readitems|editany|editall|deleteany|owner|reviewer|editor|author)/i;

function isOpened(facts: Facts): boolean {
  return isEveryone(grantee(facts)) && opens.test(rightsOf(facts));
}

/** Calendars are often open to colleagues. */
function isColleaguesCalendar(facts: Facts): boolean {
  return /calendar/i.test(folderPath(facts)) && !/^anonymous$|\\anonymous/i.test(grantee(facts));
}

function isOthers(facts: Facts): boolean {
  const owner = mailboxName(facts);
  return owner !== undefined && !sameAsActor(facts, recipientIn(owner));
}

function granteeOf(facts: Facts): Phrase {
  return isEveryone(grantee(facts)) ? everyone(grantee(facts)) : personOr(facts, grantee(facts), 'someone');
}

function everyone(name: string): Phrase {
  return [{ text: /anonymous/i.test(name) ? 'anonymous people' : 'everyone in the organization' }];
}

const changes: NonNullable<Act['changes']> = (facts) =>
  [change(`Rights of ${grantee(facts)}`, '', rightsOf(facts))].flatMap((one) => one ?? []);

export const folderActs = {
  folderPermissionRemoved: {
    operations: [...removals, ...grants],
    when: (facts) => removals.includes(facts.record.operation ?? '') || /^none$/i.test(rightsOf(facts)),
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} revoked all rights to ${folder(facts)} from ${granteeOf(facts)}`,
    changes,
  },
  folderOpened: {
    operations: grants,
    when: isOpened,
    severity: (facts) => (isColleaguesCalendar(facts) ? 'notable' : 'high'),
    sentence: (facts) =>
      say`${actor(facts)} opened ${folder(facts)} to ${granteeOf(facts)} with the rights ${valueOr(rightsOf(facts), 'without a name')}`,
    changes,
  },
  folderPermissionAdded: {
    operations: grants,
    severity: (facts) => (isOthers(facts) ? 'notable' : 'routine'),
    sentence: (facts) =>
      say`${actor(facts)} gave ${granteeOf(facts)} the rights ${valueOr(rightsOf(facts), 'without a name')} to ${folder(facts)}`,
    changes,
  },
  calendarDelegationChanged: simple('changed the calendar delegates of', mailbox, 'notable', [
    'UpdateCalendarDelegation',
  ]),
} as const satisfies Acts;
