/** Permissions that let someone into a mailbox, as records of granting them say it. */
import { isObject, type JsonObject } from '../../../json.ts';
import type { FoundRecord } from '../../../query/found-record.ts';
import { namesOf } from '../../../records/member-kinds.ts';
import { namedValues } from '../../../records/named-values.ts';
import { recipientIn } from '../../../records/recipient-names.ts';
import { textIn } from './texts.ts';

/** Operations of administrators, and of owners who let others into folders. */
export const grantOperations = [
  ...['Add-MailboxPermission', 'Add-RecipientPermission', 'Add-MailboxFolderPermission'],
  ...['Set-MailboxFolderPermission', 'Set-Mailbox', 'AddFolderPermissions', 'ModifyFolderPermissions'],
  ...['UpdateFolderPermissions', 'UpdateCalendarDelegation'],
] as const;

export interface Grant {
  /** The mailbox, by all names that the record has. */
  readonly mailbox: readonly string[];
  readonly grantees: readonly string[];
  /** Everyone got it. */
  readonly isForAll: boolean;
}

const granteeParameters = /^(?:user|trustee|grantsendonbehalfto)$/i;
/** `Set-MailboxFolderPermission -AccessRights None` takes a permission away. */
const isTaken = ({ name, value }: { readonly name: string; readonly value: string }): boolean =>
  (/^deny$/i.test(name) && /^\$?true$/i.test(value.trim())) ||
  (/^accessrights$/i.test(name) && /^none$/i.test(value.trim()));
const isAll = /^(?:default|everyone|anonymous|S-1-1-0|nt authority\\anonymous logon)$/i;

/** Undefined if the record grants nothing: the operation has other uses, it failed, or it denies. */
export function grantIn({ summary }: FoundRecord, fields: JsonObject): Grant | undefined {
  const parameters = namedValues(fields['Parameters']).flatMap(({ name, value }) =>
    typeof value === 'string' ? [{ name, value }] : [],
  );
  if (
    parameters.some(isTaken) ||
    /^(?:false|fail|failed|failure|error)$/i.test(summary.resultStatus?.trim() ?? '')
  )
    return undefined;
  const given = parameters.filter(({ name }) => granteeParameters.test(name));
  const named = [...given.flatMap(({ value }) => value.split(/[;,]/)), ...memberOfFolder(fields)];
  const grantees = named.map((name) => recipientIn(name.replaceAll('"', ''))).filter((name) => name !== '');
  if (grantees.length === 0) return undefined;
  return {
    mailbox: mailboxOf(summary, fields),
    grantees: grantees.slice(0, maxGrantees),
    isForAll: grantees.some((name) => isAll.test(name)),
  };
}

const maxGrantees = 50;

/** Whom a record of a folder is about. */
function memberOfFolder({ Item }: JsonObject): readonly string[] {
  const folder = isObject(Item) ? Item['ParentFolder'] : undefined;
  if (!isObject(folder) || /^none$/i.test(textIn(folder, 'MemberRights').trim())) return [];
  return [textIn(folder, 'MemberUpn'), textIn(folder, 'MemberSid')];
}

function mailboxOf(summary: FoundRecord['summary'], fields: JsonObject): readonly string[] {
  const all = [...namesOf(summary, 'mailboxOwner'), textIn(fields, 'MailboxGuid'), summary.objectId ?? ''];
  return all.map((name) => recipientIn(name.replace(/:\\.*$/s, ''))).filter((name) => name !== '');
}
