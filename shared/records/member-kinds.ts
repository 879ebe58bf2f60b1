/** The members of records by kind. */
import {
  deliveredMembers,
  type DeliveredName,
  type NamedMember,
  type RecordSummary,
  type SeveralMember,
} from './delivered-members.ts';
import type { DeliveredMember } from './member-declaration.ts';
import { members, type RecordMember } from './members.ts';
import { normalize, type TextKind } from './normalize.ts';
import type { CodeKind } from './record-types.ts';

type Delivered = typeof deliveredMembers;
type NamesOf<Kind> = {
  [K in DeliveredName]: Delivered[K]['kind'] extends Kind ? K : never;
}[DeliveredName];

/** Of an object that is being built. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

export type TextMember = NamesOf<TextKind>;
export type CodeMember = NamesOf<CodeKind>;
export type ListMember = NamesOf<'list'>;

/** An object with all of the names: entries made from a whole list of names have them all. */
export function fromEntries<Name extends string, V>(entries: readonly (readonly [Name, V])[]) {
  return Object.fromEntries(entries) as Readonly<Record<Name, V>>;
}

type Rows<Name extends DeliveredName, Kind> = Readonly<
  Record<Name, DeliveredMember & { readonly kind: Kind }>
>;

/** The table with the properties that only some of its rows have. */
export const deliveredRows: Rows<DeliveredName, DeliveredMember['kind']> = deliveredMembers;
export const textRows: Rows<TextMember, TextKind> = deliveredMembers;

export const deliveredNames: readonly DeliveredName[] = Object.keys(deliveredMembers).filter(isDelivered);
export const textMembers: readonly TextMember[] = deliveredNames.filter(isTextMember);
export const codeMembers: readonly CodeMember[] = deliveredNames.filter(isCodeMember);
export const listMembers: readonly ListMember[] = deliveredNames.filter(isListMember);

/** In the order in which answers show them. */
export const recordMembers: readonly RecordMember[] = Object.keys(members).filter(isRecordMember);

export function isRecordMember(name: string): name is RecordMember {
  return Object.hasOwn(members, name);
}

export function isDelivered(name: string): name is DeliveredName {
  return Object.hasOwn(deliveredMembers, name);
}

export function isTextMember(name: string): name is TextMember {
  return isDelivered(name) && !isCodeMember(name) && !isListMember(name);
}

function isCodeMember(name: DeliveredName): name is CodeMember {
  const { kind } = deliveredMembers[name];
  return kind === 'recordType' || kind === 'userType';
}

function isListMember(name: DeliveredName): name is ListMember {
  return deliveredMembers[name].kind === 'list';
}

export function hasSeveral(name: DeliveredName): name is SeveralMember {
  return deliveredRows[name].several === true;
}

/** Members that a record may have further values or names of. */
export const furtherMembers: readonly (SeveralMember | NamedMember)[] = deliveredNames.filter(hasFurther);

function hasFurther(name: DeliveredName): name is SeveralMember | NamedMember {
  return hasSeveral(name) || hasNames(name);
}

export function hasNames(name: DeliveredName): name is NamedMember {
  return deliveredRows[name].named !== undefined;
}

/** The value of a member that is shown, and its further names. */
export function namesOf(summary: RecordSummary, name: NamedMember): readonly string[] {
  const shown = summary[name];
  return [...(shown === undefined ? [] : [shown]), ...(summary.further?.[name] ?? [])];
}

/** All values of a text or list that a record is found by: the one that is shown comes first. */
export function valuesOf(summary: RecordSummary, name: TextMember | ListMember): readonly string[] {
  const shown = summary[name];
  if (shown === undefined) return [];
  if (typeof shown !== 'string') return shown;
  return hasSeveral(name) ? [shown, ...(summary.further?.[name] ?? [])] : [shown];
}

/** How the values of a member are compared. */
export function normalizerOf(name: string): (value: string) => string {
  return normalize[isTextMember(name) ? textRows[name].kind : 'text'];
}
