/** What a record was done to or for, beyond its ObjectId: recipients in parameters of cmdlets, users in directories, members. */
import { isObject, type JsonObject } from '../json.ts';
import { namedValues } from './named-values.ts';
import { normalize } from './normalize.ts';
import { distinctNames } from './person-names.ts';
import { recipientIn } from './recipient-names.ts';

/** A record has few; each costs a row. */
const maxNames = 20;
const maxLength = 500;
/** Of a list of names. */
const maxText = 10_000;

/** Parameters of Exchange cmdlets that name recipients, in lower case. */
const recipientParameters: ReadonlySet<string> = new Set([
  ...['identity', 'mailbox', 'user', 'trustee', 'owner', 'member', 'members', 'delegates', 'delegateto'],
  ...['forwardto', 'forwardasattachmentto', 'redirectto', 'forwardingaddress', 'forwardingsmtpaddress'],
  ...['grantsendonbehalfto', 'sendonbehalfto', 'managedby', 'moderatedby', 'resourcedelegates'],
  ...['acceptmessagesonlyfrom', 'acceptmessagesonlyfromsendersormembers', 'copyto', 'blindcopyto'],
  ...['redirectmessageto', 'addtorecipients', 'journalemailaddress', 'externalemailaddress'],
  ...['targetmailbox', 'sourcemailbox', 'userprincipalname', 'primarysmtpaddress', 'windowsemailaddress'],
]);

/**
 * Further names of what the record was done to or for. Left out is what only repeats ObjectId, and what services of
 * Microsoft do all the time: the latter would cost more rows than everything that people do.
 */
export function targetNames(fields: JsonObject): readonly string[] {
  const objectId = textOf(fields['ObjectId']) ?? '';
  const names = [...parametersIn(fields), ...directoryUsersIn(fields), ...membersIn(fields)];
  const repeated = new Set([objectId, recipientIn(objectId)].map(normalize.text));
  return namesAmong(names.filter((name) => !repeated.has(normalize.text(name))));
}

/**
 * The mailbox that a cmdlet of an administrator was about, by each name that the record has for it. What services of
 * Microsoft do is left out, as in {@link targetNames}.
 */
export function administeredMailbox(fields: JsonObject): readonly string[] {
  if (!aboutMailbox.test(textOf(fields['Operation']) ?? '') || isByMicrosoft(fields)) return [];
  const named = namedValues(fields['Parameters']).filter(({ name }) => /^(?:identity|mailbox)$/i.test(name));
  const texts = [fields['ObjectId'], ...named.map(({ value }) => value)];
  const ofRule = aboutRule.test(textOf(fields['Operation']) ?? '');
  return namesAmong(texts.map((text) => mailboxIn(textOf(text) ?? '', ofRule)));
}

const aboutMailbox =
  /^(?:add|disable|enable|new|remove|set|undo|update|restore)-(?:casmailbox|mailbox|mailbox\w*permission|recipientpermission|inboxrule|sweeprule|mailboxautoreplyconfiguration|mailboxjunkemailconfiguration|calendarprocessing)$/i;

/** Services of Microsoft's data centers sign in as this; its operators, who have UserType 3 as well, do not. */
const service = /^NT (?:AUTHORITY\\SYSTEM\b|SERVICE\\)/i;

function isByMicrosoft({ UserId }: JsonObject): boolean {
  return service.test(textOf(UserId) ?? '');
}

const aboutRule = /(?:inbox|sweep)rule$/i;

/**
 * Rules and folders follow the name of the mailbox: `Bo\Move to archive`, `bo@fabrikam.example:\Calendar`. Otherwise, an
 * organization may precede it: `fabrikam.onmicrosoft.com\Bo`.
 */
function mailboxIn(text: string, ofRule: boolean): string {
  const parts = withoutFolder(text).split('\\');
  return recipientIn((ofRule ? parts[0] : parts.at(-1)) ?? '');
}

function withoutFolder(text: string): string {
  return text.replace(/:\\.*$/s, '');
}

function parametersIn(fields: JsonObject): readonly string[] {
  if (isByMicrosoft(fields)) return [];
  return namedValues(fields['Parameters'])
    .filter(({ name }) => recipientParameters.has(name.toLowerCase()))
    .flatMap(({ value }) => valuesIn(value))
    .map((name) => recipientIn(withoutFolder(name)));
}

/** Exchange separates several values by semicolons. */
function valuesIn(value: unknown): readonly string[] {
  const all = (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => textOf(one) ?? []);
  return all.flatMap((text) => text.split(';'));
}

/** Types of IDs in Target: PUID and user principal name. */
const [puid, userPrincipalName] = [3, 5];
const directoryId = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Applications, which most records of Entra are about, are found by ObjectId. */
function directoryUsersIn({ Target, ModifiedProperties, ExtendedProperties }: JsonObject): readonly string[] {
  const targets: readonly unknown[] = Array.isArray(Target) ? Target : [];
  const ids = targets.filter(isObject);
  const isUser = ids.some(({ Type }) => Type === userPrincipalName);
  const wanted = ids.filter(({ ID, Type }) => isNameOf(Type) || directoryId.test(textOf(ID) ?? ''));
  const properties = [...namedValues(ModifiedProperties), ...namedValues(ExtendedProperties)];
  const named = properties.filter(({ name }) => /^(?:user\.(?:objectid|upn)|targetupn)$/i.test(name));
  return [...(isUser ? wanted.map(({ ID }) => ID) : []), ...named.map(({ value }) => value)].flatMap(
    (name) => textOf(name) ?? [],
  );
}

function isNameOf(type: unknown): boolean {
  return type === puid || type === userPrincipalName;
}

/** Members of teams; users and groups that SharePoint gives access to. */
function membersIn({ Members, TargetUserOrGroupName }: JsonObject): readonly string[] {
  const all: readonly unknown[] = Array.isArray(Members) ? Members : [];
  const addresses = all.map((one) => (isObject(one) ? one['UPN'] : undefined));
  return [...addresses, TargetUserOrGroupName].flatMap((name) => textOf(name) ?? []);
}

const placeholder =
  /^(?:not available|unknown|none|null|<null>|__null__|not-found|default|anonymous|true|false)$/i;

function namesAmong(names: readonly string[]): readonly string[] {
  const real = names
    .map((name) => name.trim())
    .filter((name) => name.length <= maxLength && !placeholder.test(name));
  return distinctNames(real).slice(0, maxNames);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= maxText ? value : undefined;
}
