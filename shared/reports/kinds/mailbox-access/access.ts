/** Who did what in whose mailbox, as one record says it. */
import type { JsonObject } from '../../../json.ts';
import type { FoundRecord } from '../../../query/found-record.ts';
import { namesOf } from '../../../records/member-kinds.ts';
import { namedValues } from '../../../records/named-values.ts';
import { distinctNames } from '../../../records/person-names.ts';
import { shortText } from '../../short-text.ts';
import { kindOfOperation, type ActKindName } from './act-kinds.ts';
import { clientOf } from './client.ts';
import type { Identities } from './identities.ts';
import { logonOf, type Logon } from './logon.ts';
import { isMicrosoftService } from './microsoft-services.ts';
import { textIn } from './texts.ts';

export interface Access {
  readonly recordId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Keys of who did it, and of the mailbox. */
  readonly actor: string;
  readonly mailbox: string;
  /** As shown. */
  readonly actorName: string;
  readonly mailboxName: string;
  readonly logon: Logon;
  readonly isExternal: boolean;
  readonly isService: boolean;
  readonly kind: ActKindName;
  /** Items that were opened, folders that were synchronized, or 1. */
  readonly count: number;
  readonly address: string;
  readonly client: string;
}

/** What is known of one record of a mailbox. `unnamed`: it does not say who, or in whose mailbox. */
export interface ReadRecord {
  readonly whose: 'others' | 'own' | 'unnamed';
  readonly mailbox?: { readonly key: string; readonly name: string };
  /** Exchange stopped recording what was opened. */
  readonly isThrottled: boolean;
  /** If `whose` is `others`. */
  readonly access?: Access;
}

export function readRecord(record: FoundRecord, fields: JsonObject, identities: Identities): ReadRecord {
  const actors = actorsOf(record, fields);
  const owners = ownersOf(record, fields);
  const isThrottled = /^true$/i.test(property(fields, 'IsThrottled'));
  const mailbox = mailboxOf(owners, identities);
  const actor = identities.keyOfAll(actors);
  if (mailbox === undefined || actor === undefined) return { whose: 'unnamed', isThrottled };
  const logon = logonOf(fields['LogonType']);
  const isOwner = haveOneInCommon(actors, owners, identities);
  if (isOwner && !['delegate', 'administrator', 'partner'].includes(logon))
    return { whose: 'own', mailbox, isThrottled };
  const names = {
    actor,
    actorName: shortText(actors[0] ?? ''),
    mailbox: mailbox.key,
    mailboxName: mailbox.name,
  };
  return { whose: 'others', mailbox, isThrottled, access: { ...names, ...actOf(record, fields, logon) } };
}

type Act = Omit<Access, 'actor' | 'actorName' | 'mailbox' | 'mailboxName'>;

function actOf({ id, createdDateTime, summary }: FoundRecord, fields: JsonObject, logon: Logon): Act {
  const applications = [textIn(fields, 'ClientAppId'), textIn(fields, 'AppId')];
  const isAtWork = logon === 'transport' || logon === 'service';
  return {
    recordId: id,
    at: createdDateTime.getTime(),
    logon,
    isExternal: /^true$/i.test(String(fields['ExternalAccess'])),
    isService: isAtWork || isMicrosoftService(summary.userId ?? '', applications),
    ...countedAct(summary.operation ?? '', fields),
    address: shortText(summary.clientIp ?? ''),
    client: clientOf(fields),
  };
}

/** Who did it, by all names; the one that is shown comes first. */
function actorsOf({ summary }: FoundRecord, fields: JsonObject): readonly string[] {
  return distinctNames([...namesOf(summary, 'userId'), textIn(fields, 'LogonUserSid')]).filter(isName);
}

/** Whose mailbox it is, by all names; the one that is shown comes first. */
function ownersOf({ summary }: FoundRecord, fields: JsonObject): readonly string[] {
  const texts = (...names: readonly string[]) => names.map((name) => textIn(fields, name)).filter(isName);
  const sentFor = isSending.test(summary.operation?.trim() ?? '') ? texts(...sentForMembers) : [];
  if (sentFor.length > 0) return sentFor;
  return distinctNames([summary.mailboxOwner, ...texts(...ownerMembers)]);
}

const isSending = /^send(?:as|onbehalf)$/i;
/** Of SendAs and SendOnBehalf: the mailbox whose name it was sent in. */
const sentForMembers = [
  ...['SendAsUserSmtp', 'SendOnBehalfOfUserSmtp'],
  ...['SendAsUserMailboxGuid', 'SendOnBehalfOfUserMailboxGuid'],
];
const ownerMembers = ['MailboxOwnerUPN', 'MailboxGuid', 'MailboxOwnerSid', 'MailboxOwnerMasterAccountSid'];

/** "Self", which shared mailboxes have as the account of their owner, names no one. */
function isName(text: string): boolean {
  return !/^(?:|S-1-5-10|not available|unknown|none|null|<null>)$/i.test(text.trim());
}

function mailboxOf(owners: readonly string[], { keyOfAll }: Identities): ReadRecord['mailbox'] {
  const key = keyOfAll(owners);
  return key === undefined ? undefined : { key, name: shortText(owners[0] ?? '') };
}

function haveOneInCommon(some: readonly string[], others: readonly string[], { keyOf }: Identities): boolean {
  const keys = new Set(others.map(keyOf));
  return some.some((name) => keys.has(keyOf(name)));
}

function countedAct(operation: string, fields: JsonObject): Pick<Access, 'kind' | 'count'> {
  const kind = kindOfOperation(operation);
  if (kind !== 'opened') return { kind, count: 1 };
  if (/^sync$/i.test(property(fields, 'MailAccessType'))) return { kind: 'synchronized', count: 1 };
  return { kind, count: itemsIn(fields) };
}

/** What exceeds it was not counted by Exchange. */
const maxItems = 1_000_000;

/** Records of single items have no OperationCount. */
function itemsIn({ OperationCount }: JsonObject): number {
  const count = Number(OperationCount);
  return Number.isInteger(count) && count > 0 && count <= maxItems ? count : 1;
}

function property({ OperationProperties }: JsonObject, wanted: string): string {
  const value = namedValues(OperationProperties).find(
    ({ name }) => name.toLowerCase() === wanted.toLowerCase(),
  )?.value;
  return typeof value === 'string' ? value : String(value === true);
}
