/** Who gets access to files and sites. */
import { addressIn } from '../../records/person-names.ts';
import type { Acts, Severity } from '../act.ts';
import type { Facts } from '../facts.ts';
import { say, valueOr, valuePart, type Phrase } from '../parts.ts';
import { actor, isByMicrosoft, personOr } from '../people.ts';
import { simple } from '../verbs.ts';
import { inSite, item } from './files.ts';

function recipient({ field }: Facts): string {
  return field('TargetUserOrGroupName');
}

/** SharePoint's groups behind links: `SharingLinks.{file}.AnonymousEdit.{link}`. */
const linkGroup = /^SharingLinks\.[^.]*\.(anonymous|organization|flexible)/i;

const linkAudiences: Readonly<Record<string, string>> = {
  anonymous: 'anyone who has a link',
  organization: 'everyone in the organization who has a link',
  flexible: 'certain people by a link',
};

function audienceOfLink(facts: Facts): string | undefined {
  return linkGroup.exec(recipient(facts))?.[1]?.toLowerCase();
}

function recipientPhrase(facts: Facts): Phrase {
  const words = linkAudiences[audienceOfLink(facts) ?? ''];
  if (words !== undefined) return [{ text: words }];
  if (isGuest(facts))
    return say`the guest ${[valuePart(addressIn(recipient(facts)) ?? recipient(facts), 'userId')]}`;
  return personOr(facts, recipient(facts) || undefined, 'someone');
}

function isGuest(facts: Facts): boolean {
  return (
    /^(?:guest|partner)$/i.test(facts.field('TargetUserOrGroupType')) ||
    /#ext#|urn:spo:guest/i.test(recipient(facts))
  );
}

function isEveryone(facts: Facts): boolean {
  return /^(?:everyone|everyone except external users|all users.*)$/i.test(recipient(facts));
}

function isOpened(facts: Facts): boolean {
  return audienceOfLink(facts) === 'anonymous' || isEveryone(facts);
}

/** EventData: `<Permissions granted>Contribute</Permissions granted>` */
function inEventData(facts: Facts, tag: string): string {
  const text = facts.field('EventData').slice(0, 20_000);
  const start = text.indexOf(`<${tag}>`);
  if (start === -1) return '';
  const value = text.slice(start + tag.length + 2);
  return value.slice(0, Math.max(0, value.indexOf('<')));
}

function rights(facts: Facts): string {
  return inEventData(facts, 'Permissions granted').replace(/^System\./, '');
}

function site({ record }: Facts): Phrase {
  return valueOr(record.siteUrl ?? record.objectId, 'a site', 'siteUrl');
}

function severityOfWidening(facts: Facts): Severity {
  return isByMicrosoft(facts) ? 'notable' : 'high';
}

function severityByActor(facts: Facts): Severity {
  return isByMicrosoft(facts) ? 'routine' : 'high';
}

function admin(facts: Facts): Phrase {
  const name = recipient(facts) || facts.newValue('SiteAdmin') || (facts.modified('SiteAdmin')?.from ?? '');
  return personOr(facts, name || undefined, 'someone');
}

/** What makes a policy wider: guests or everyone with a link. */
function isWidened({ allModified }: Facts): boolean {
  return allModified().some(
    ({ name, to }) =>
      (/^sharewithguests$/i.test(name) && /^enabled$|^true$/i.test(to)) ||
      /anyone|anonymous|externaluserandguestsharing/i.test(to),
  );
}

function shared(facts: Facts): Phrase {
  const what = say`${item(facts)}${inSite(facts, 'in')}`;
  if (rights(facts) === '') return say`${actor(facts)} shared ${what} with ${recipientPhrase(facts)}`;
  return say`${actor(facts)} gave ${recipientPhrase(facts)} the rights ${rights(facts)} to ${what}`;
}

const sharing = ['SharingSet', 'AddedToSecureLink', 'SharingInvitationCreated'];
const links = (words: string) => (facts: Facts) =>
  say`${actor(facts)} ${[{ text: words }]} ${item(facts)}${inSite(facts, 'in')}`;

export const sharingActs = {
  sharingOpened: { operations: sharing, when: isOpened, severity: 'notable', sentence: shared },
  sharedWithGuest: { operations: sharing, when: isGuest, severity: 'notable', sentence: shared },
  shared: { operations: sharing, severity: 'routine', sentence: shared },
  anonymousLinkCreated: {
    operations: ['AnonymousLinkCreated'],
    severity: 'notable',
    sentence: links('created a link with which anyone can open'),
  },
  anonymousLinkChanged: {
    operations: ['AnonymousLinkUpdated'],
    severity: 'notable',
    sentence: links('changed the link with which anyone can open'),
  },
  anonymousLinkUsed: {
    operations: ['AnonymousLinkUsed'],
    severity: 'notable',
    sentence: (facts) => say`${links('opened')(facts)} with a link that anyone can use`,
  },
  anonymousLinkRemoved: {
    operations: ['AnonymousLinkRemoved'],
    severity: 'routine',
    sentence: links('removed the link with which anyone could open'),
  },
  linkCreated: {
    operations: ['CompanyLinkCreated', 'SecureLinkCreated', 'SecureLinkUpdated'],
    severity: 'routine',
    sentence: links('created a sharing link to'),
  },
  linkRemoved: {
    operations: ['CompanyLinkRemoved', 'SecureLinkDeleted', 'RemovedFromSecureLink'],
    severity: 'routine',
    sentence: links('removed a sharing link to'),
  },
  sharingRevoked: {
    operations: ['SharingRevoked'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} stopped sharing ${item(facts)}${inSite(facts, 'in')} with ${recipientPhrase(facts)}`,
  },
  sharingInheritanceBroken: {
    operations: ['SharingInheritanceBroken'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} gave ${item(facts)}${inSite(facts, 'in')} permissions of its own`,
  },
  sharingPolicyWidened: {
    ...simple('widened the sharing policy of', site, severityOfWidening, ['SharingPolicyChanged']),
    when: isWidened,
  },
  sharingPolicyChanged: simple('changed the sharing policy of', site, 'notable', ['SharingPolicyChanged']),
  siteAdminAdded: {
    operations: ['SiteCollectionAdminAdded'],
    severity: severityByActor,
    sentence: (facts) => say`${actor(facts)} made ${admin(facts)} an administrator of ${site(facts)}`,
  },
  siteAdminRemoved: {
    operations: ['SiteCollectionAdminRemoved'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} removed ${admin(facts)} as an administrator of ${site(facts)}`,
  },
  siteGroupMemberAdded: {
    operations: ['AddedToGroup'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} added ${recipientPhrase(facts)} to the site group ${valueOr(inEventData(facts, 'Group'), 'without a name')} of ${site(facts)}`,
  },
  siteGroupMemberRemoved: {
    operations: ['RemovedFromGroup'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} removed ${recipientPhrase(facts)} from the site group ${valueOr(inEventData(facts, 'Group'), 'without a name')} of ${site(facts)}`,
  },
  siteGroupChanged: simple('changed the groups of', site, 'routine', [
    'GroupAdded',
    'GroupUpdated',
    'GroupRemoved',
  ]),
  permissionLevelChanged: simple('changed the permission levels of', site, 'routine', [
    ...['PermissionLevelAdded', 'PermissionLevelModified', 'PermissionLevelRemoved'],
  ]),
  siteCreated: simple('created the site', site, 'routine', ['SiteCollectionCreated']),
  siteDeleted: simple('deleted the site', site, 'notable', ['SiteDeleted']),
  siteQuotaChanged: simple('changed the storage quota of', site, 'routine', ['SiteCollectionQuotaModified']),
  deviceAccessChanged: simple('changed', () => say`which devices may use SharePoint`, 'notable', [
    'DeviceAccessPolicyChanged',
    'NetworkAccessPolicyChanged',
    'ManagedSyncClientAllowed',
    'UnmanagedSyncClientBlocked',
  ]),
} as const satisfies Acts;
