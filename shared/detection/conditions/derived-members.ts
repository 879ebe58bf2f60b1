/** Members that no record has and that rules need: each is computed from a record. */
import { isObject, parseJson, type JsonObject } from '../../json.ts';
import { auditingSwitch } from '../../records/auditing-switch.ts';
import { namedValues } from '../../records/named-values.ts';
import { normalize } from '../../records/normalize.ts';
import { recipientsIn } from '../../sentences/addresses.ts';
import { factsOf, plainText, type Facts } from '../../sentences/facts.ts';
import { networkOfAddress } from './network-of-address.ts';
import { isOutsideTenant } from './outside.ts';
import type { WatchedRecord } from './watched-record.ts';

interface DerivedMember {
  readonly description: string;
  readonly read: (watched: WatchedRecord) => readonly unknown[];
}

export const derivedMembers = {
  clientNetwork: {
    description: 'Network of the client IP: the first 24 bits of IPv4, and 48 of IPv6.',
    read: ({ record }) => present(networkOfAddress(record.summary.clientIp)),
  },
  objectName: {
    description: 'Last part of the object, after a slash or a backslash.',
    read: ({ record: { summary } }) =>
      present(summary.objectId).map((object) => /[^\\/]*$/.exec(object)?.[0].trim()),
  },
  forwardedOutside: {
    description: 'Addresses outside of the tenant that a rule or a mailbox forwards email to.',
    read: (watched) =>
      forwardedTo(factsOfWatched(watched)).filter((address) => isOutsideTenant(watched, address)),
  },
  auditing: {
    description: 'What the record switched auditing: off or on.',
    read: ({ record, text }) =>
      present(auditingSwitch(record.summary.operation ?? '', namedValues(parametersOf(text.parsed())))),
  },
  grantee: {
    description: 'Who got access to a mailbox: the actor, or other.',
    read: (watched) => present(granteeOf(factsOfWatched(watched))),
  },
  signInMethods: {
    description:
      'What happened to the methods of multi-factor authentication: added, removed, or allRemoved.',
    read: (watched) => changesOfMethods(factsOfWatched(watched)),
  },
} as const satisfies Readonly<Record<string, DerivedMember>>;

export type DerivedMemberName = keyof typeof derivedMembers;

export function isDerivedMember(name: string): name is DerivedMemberName {
  return Object.hasOwn(derivedMembers, name);
}

function factsOfWatched({ record, text }: WatchedRecord): Facts {
  return factsOf(record.summary, text.parsed());
}

function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

const forwardingParameters = [
  ...['ForwardTo', 'RedirectTo', 'ForwardAsAttachmentTo'],
  ...['ForwardingSmtpAddress', 'ForwardingAddress'],
];

/** Of cmdlets, and of Outlook, which describes rules as `[{"ActionType":"Forward","Recipients":["bo@contoso.example"]}]`. */
function forwardedTo(facts: Facts): readonly string[] {
  const ofCmdlet = forwardingParameters.flatMap((name) => recipientsIn(facts.parameter(name)));
  return [...ofCmdlet, ...actionsOf(facts).flatMap(({ Recipients }) => recipientsIn(plainText(Recipients)))];
}

/** Facts show a list of one text without its brackets. */
function actionsOf({ property }: Facts): readonly JsonObject[] {
  const parsed = parseJson(`[${property('RuleActions')}]`);
  const actions = (Array.isArray(parsed) ? parsed.flat() : []).filter(isObject);
  return actions.filter(({ ActionType }) => /forward|redirect/i.test(plainText(ActionType)));
}

const granting = ['User', 'Trustee', 'GrantSendOnBehalfTo'];

/** Mailboxes are named by addresses, or by names such as the part of the address before the domain. */
function granteeOf({ record, parameter }: Facts): 'actor' | 'other' | undefined {
  const grantees = granting.flatMap((name) => recipientsIn(parameter(name))).map(normalize.text);
  const actor = normalize.text(record.userId ?? '');
  if (grantees.length === 0) return undefined;
  return grantees.some((name) => name !== '' && (name === actor || actor.startsWith(`${name}@`)))
    ? 'actor'
    : 'other';
}

function parametersOf(fields: unknown): unknown {
  return isObject(fields) ? fields['Parameters'] : undefined;
}

/** `[{"MethodType":3,"Default":true}]`: one element for each method. */
function changesOfMethods({ modified }: Facts): readonly string[] {
  const change = modified('StrongAuthenticationMethod');
  if (change === undefined) return [];
  const [before, after] = [countOf(change.from), countOf(change.to)];
  if (after > before) return ['added'];
  if (after === before) return [];
  return after === 0 ? ['removed', 'allRemoved'] : ['removed'];
}

/** How many objects are in the list, whose brackets facts leave out. */
function countOf(list: string): number {
  const parsed = parseJson(`[${list}]`);
  return Array.isArray(parsed) ? parsed.flat().length : 0;
}
