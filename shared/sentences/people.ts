/** Who did something, and to which person, in words. */
import { isObject } from '../json.ts';
import { actorNames } from '../records/actor-names.ts';
import { normalize } from '../records/normalize.ts';
import { addressIn } from '../records/person-names.ts';
import { recipientIn } from '../records/recipient-names.ts';
import { administeredMailbox } from '../records/target-names.ts';
import type { Facts } from './facts.ts';
import { say, valueOr, valuePart, type Phrase } from './parts.ts';

/** Services of Microsoft's data centers: `NT AUTHORITY\SYSTEM (Microsoft.Exchange.ServiceHost)`. */
const dataCenter = /^(?:NT (?:AUTHORITY|SERVICE)\\([^()]*)(?:\(([^()]*)\))?|S-1-5-18$)/i;

/** UserIds that name no one. */
const noOne =
  /^(?:|not available|unknown|none|null|<null>|not-found|user|application|serviceprincipal|certificate)$/i;

const technical =
  /^(?:serviceprincipal_[-0-9a-f]+|app@sharepoint|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|s-1-(?!5-18$)[-\d]+)$/i;

/** Whether a service of Microsoft did it in the course of its work. */
export function isByMicrosoft({ record }: Facts): boolean {
  return /^(?:NT (?:AUTHORITY|SERVICE)\\|(?:Microsoft\\ServiceOperator|SHAREPOINT\\system|Certificate|S-1-5-18)$)/i.test(
    record.userId ?? '',
  );
}

/** Who did it, as the beginning of a sentence. */
export function actor(facts: Facts): Phrase {
  const userId = facts.record.userId?.trim() ?? '';
  const kind = kindsOfActors.find(({ pattern }) => pattern.test(userId));
  return kind?.phrase(facts, userId) ?? [valuePart(addressIn(userId) ?? userId, 'userId', userId)];
}

interface KindOfActor {
  readonly pattern: RegExp;
  readonly phrase: (facts: Facts, userId: string) => Phrase;
}

/** UserIds that do not simply name a person. */
const kindsOfActors: readonly KindOfActor[] = [
  { pattern: noOne, phrase: technicalActor },
  { pattern: technical, phrase: technicalActor },
  { pattern: dataCenter, phrase: (_, userId) => serviceOfMicrosoft(userId) },
  { pattern: /^(?:anonymous$|urn:spo:anon#)/i, phrase: () => say`An anonymous visitor` },
  {
    pattern: /^urn:spo:guest#|#ext#@/i,
    phrase: (_, userId) => say`The guest ${[valuePart(addressIn(userId) ?? userId, 'userId', userId)]}`,
  },
];

function serviceOfMicrosoft(userId: string): Phrase {
  const [, account = userId, process = account] = dataCenter.exec(userId) ?? [];
  return say`Microsoft’s service ${[valuePart(process, 'userId', userId)]}`;
}

/** By a name that says more than the UserId. */
function technicalActor(facts: Facts, userId: string): Phrase {
  const { fields } = facts;
  const address =
    directoryName(fields['Actor'], principalName) ?? actorNames(fields).find((one) => one.includes('@'));
  if (address !== undefined) return [valuePart(address, 'userId')];
  const name = directoryName(fields['Actor'], displayName) ?? facts.field('ApplicationDisplayName');
  if (name !== '') return say`The application ${[valuePart(name, 'userId', userId)]}`;
  return valueOr(noOne.test(userId) ? undefined : userId, 'Someone', 'userId');
}

/** Types of IDs in Actor and Target. */
const [displayName, principalName] = [1, 5];

function directoryName(ids: unknown, type: number): string | undefined {
  const all: readonly unknown[] = Array.isArray(ids) ? ids : [];
  const name = all.filter(isObject).find(({ Type }) => Type === type)?.['ID'];
  return typeof name === 'string' && name.trim() !== '' ? name : undefined;
}

/** How the directory names what a record is about: a user by the principal name, everything else by a display name. */
export function targetName({ fields }: Facts): string | undefined {
  return directoryName(fields['Target'], principalName) ?? directoryName(fields['Target'], displayName);
}

/** What a record of the directory is about: its name, or the ID if it has none. */
export function directoryTarget(facts: Facts): Phrase {
  const name = targetName(facts);
  const { objectId } = facts.record;
  if (name === undefined) return personOr(facts, objectId, 'something');
  return sameAsActor(facts, name)
    ? themselves
    : [valuePart(addressIn(name) ?? name, 'objectId', objectId ?? name)];
}

/** What a record of the directory is about, with the kind of thing that it is: "the policy “A”". */
export function targetCalled(facts: Facts, kind: string): Phrase {
  const { objectId } = facts.record;
  const name = targetName(facts) ?? objectId;
  const words: Phrase = [{ text: kind }];
  if (name === undefined) return say`a ${words} without a name`;
  const value: Phrase = [valuePart(name, 'objectId', objectId ?? name)];
  return name.includes('@') ? say`the ${words} ${value}` : say`the ${words} “${value}”`;
}

/** Whether the name is certainly the actor's. */
export function sameAsActor({ record, fields }: Facts, name: string): boolean {
  const userId = record.userId ?? '';
  const names = [userId, addressIn(userId) ?? '', ...actorNames(fields)].filter((one) => one !== '');
  return names.some((one) => normalize.text(one) === normalize.text(recipientIn(name)));
}

/** Names that stand for all people. */
export function isEveryone(name: string): boolean {
  return /^(?:default|anonymous|everyone|s-1-1-0|nt authority\\anonymous logon)$/i.test(name.trim());
}

export const themselves: Phrase = [{ text: 'themselves' }];

/** A person that something was done to or for: "themselves" if it was the actor. */
export function personOr(facts: Facts, name: string | undefined, words: string): Phrase {
  if (name !== undefined && sameAsActor(facts, name)) return themselves;
  return valueOr(name === undefined ? undefined : recipientIn(name), words, 'userId');
}

/** The mailbox of a cmdlet or a record of a mailbox; undefined if the record does not name it. */
export function mailboxName({ record, fields }: Facts): string | undefined {
  const names = administeredMailbox(fields);
  const own = record.mailboxOwner ?? names.find((name) => name.includes('@')) ?? names[0];
  const name = own ?? recipientIn(record.objectId ?? '');
  return name === '' ? undefined : name;
}

/** "the mailbox of …" or "their own mailbox". */
export function mailbox(facts: Facts): Phrase {
  const name = mailboxName(facts);
  if (name === undefined) return [{ text: 'a mailbox' }];
  if (sameAsActor(facts, name)) return [{ text: 'their own mailbox' }];
  return say`the mailbox of ${[valuePart(name, 'mailboxOwner')]}`;
}
