/** What happens inside mailboxes: reading, sending, moving, and deleting. */
import { isObject, type JsonObject } from '../../json.ts';
import type { Acts, Severity } from '../act.ts';
import { isOn, plainText, type Facts } from '../facts.ts';
import { say, valuePart, type Phrase } from '../parts.ts';
import { actor, isByMicrosoft, mailbox, mailboxName, personOr, sameAsActor } from '../people.ts';
import { simple } from '../verbs.ts';

function objectIn(fields: JsonObject, name: string): JsonObject {
  const value = fields[name];
  return isObject(value) ? value : {};
}

function listIn(fields: JsonObject, name: string): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
}

function item({ fields }: Facts): JsonObject {
  const [first] = listIn(fields, 'AffectedItems').filter(isObject);
  return isObject(fields['Item']) ? fields['Item'] : (first ?? {});
}

/** Where the items are, or were. */
function folder(facts: Facts): Phrase {
  const { fields } = facts;
  const all = [objectIn(fields, 'Folder'), objectIn(item(facts), 'ParentFolder'), firstFolder(fields)];
  const paths = all.flatMap((one) => [plainText(one['Path']), plainText(one['Name'])]);
  const path = paths.find((text) => text !== '' && !/^not available$/i.test(text));
  return path === undefined ? mailbox(facts) : say`the folder ${[valuePart(path)]} of ${mailbox(facts)}`;
}

function firstFolder(fields: JsonObject): JsonObject {
  return listIn(fields, 'Folders').find(isObject) ?? {};
}

function destination({ fields }: Facts): Phrase | undefined {
  const path = plainText(objectIn(fields, 'DestFolder')['Path']);
  return path === '' ? undefined : say` to ${[valuePart(path)]}`;
}

/** "the message “Invoice”" or "12 items" */
function items(facts: Facts): Phrase {
  const count = listIn(facts.fields, 'AffectedItems').length;
  if (count > 1) return say`${String(count)} items`;
  const subject = plainText(item(facts)['Subject']);
  return subject === '' ? say`an item` : say`“${[valuePart(subject)]}”`;
}

function messagesRead({ fields }: Facts): Phrase {
  const inFolders = listIn(fields, 'Folders').filter(isObject);
  const counted = inFolders.reduce((sum, one) => sum + listIn(one, 'FolderItems').length, 0);
  const count = plainText(fields['OperationCount']) || (counted === 0 ? '' : String(counted));
  if (count === '') return say`messages`;
  return count === '1' ? say`1 message` : say`${count} messages`;
}

/** What people do in their own mailboxes is everyday work. */
function severityForOthers(facts: Facts): Severity {
  const owner = mailboxName(facts);
  return owner === undefined || sameAsActor(facts, owner) || isByMicrosoft(facts) ? 'routine' : 'notable';
}

const owner = (facts: Facts) => personOr(facts, mailboxName(facts), 'someone');
const itemIn = (facts: Facts) => say`${items(facts)} in ${folder(facts)}`;
const itemFrom = (facts: Facts) => say`${items(facts)} from ${folder(facts)}`;
const isExchange = ({ record }: Facts) => (record.service ?? 'Exchange') === 'Exchange';

function sentFor(words: string) {
  return (facts: Facts) => say`${actor(facts)} sent ${items(facts)} ${[{ text: words }]} ${owner(facts)}`;
}

function isThrottled({ property }: Facts): boolean {
  return isOn(property('IsThrottled'));
}

const nothing = () => [];

export const mailboxItemActs = {
  mailReadThrottled: {
    operations: ['MailItemsAccessed'],
    when: isThrottled,
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} read so many messages in ${mailbox(facts)} that not all of them were recorded`,
    changes: nothing,
  },
  mailSynchronized: {
    operations: ['MailItemsAccessed'],
    when: ({ property }) => /^sync$/i.test(property('MailAccessType')),
    severity: severityForOthers,
    sentence: (facts) => say`${actor(facts)} synchronized ${folder(facts)}`,
    changes: nothing,
  },
  mailRead: {
    operations: ['MailItemsAccessed', 'MessageBind'],
    severity: severityForOthers,
    sentence: (facts) => say`${actor(facts)} read ${messagesRead(facts)} in ${folder(facts)}`,
    changes: nothing,
  },
  attachmentRead: simple('opened an attachment in', folder, severityForOthers, ['AttachmentAccess']),
  folderRead: simple('opened', folder, severityForOthers, ['FolderBind']),
  messageSent: {
    operations: ['Send'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} sent ${items(facts)} from ${mailbox(facts)}`,
    changes: nothing,
  },
  messageSentAs: { operations: ['SendAs'], severity: 'notable', sentence: sentFor('as'), changes: nothing },
  messageSentOnBehalf: {
    operations: ['SendOnBehalf'],
    severity: 'routine',
    sentence: sentFor('on behalf of'),
    changes: nothing,
  },
  itemDeletedForGood: simple('permanently deleted', itemFrom, severityForOthers, ['HardDelete']),
  itemDeleted: simple('deleted', itemFrom, severityForOthers, ['SoftDelete', 'MoveToDeletedItems']),
  itemMoved: {
    operations: ['Move'],
    severity: severityForOthers,
    sentence: (facts) => say`${actor(facts)} moved ${itemFrom(facts)}${destination(facts)}`,
  },
  itemCopied: {
    operations: ['Copy'],
    severity: severityForOthers,
    sentence: (facts) => say`${actor(facts)} copied ${itemFrom(facts)}${destination(facts)}`,
  },
  itemCreated: {
    ...simple('created', itemIn, severityForOthers, ['Create']),
    when: isExchange,
    changes: nothing,
  },
  itemChanged: { ...simple('changed', itemIn, severityForOthers, ['Update']), when: isExchange },
} as const satisfies Acts;
