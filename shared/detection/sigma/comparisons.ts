/** Comparisons of a Sigma field with values. */
import type { Condition, TextOp } from '../conditions/condition.ts';
import { createPattern } from '../conditions/regex.ts';
import { hasWildcards, plainTextOf, surrounded } from '../conditions/wildcards.ts';
import { wholeRecord } from '../../query/filter-language/filter-members.ts';
import { parseNetwork } from '../../records/networks.ts';
import type { Modified } from './modifiers.ts';
import { allOf, anyOf, fieldOf, memberOf, spellingsOf, type Compare } from './sigma-fields.ts';
import type { Place } from './sigma-error.ts';

/** A value, and where it is. */
export interface PlacedValue {
  readonly value: unknown;
  readonly place: Place;
}

/** One of the values; all of them with the modifier `all`; none of them with `neq`. @throws SigmaError */
export function comparisonWith(modified: Modified, values: readonly PlacedValue[], place: Place): Condition {
  const field = fieldOf(modified.field, place);
  const conditions = values.map((placed) => field.condition(compareWith(modified, placed)));
  const joined = modified.flags.has('all') ? allOf(conditions) : anyOf(conditions);
  return modified.flags.has('neq') ? { op: 'not', condition: joined } : joined;
}

/** @throws SigmaError */
function compareWith(modified: Modified, placed: PlacedValue): Compare {
  const { value, place } = placed;
  const { kind, field } = modified;
  if (value === null) return nullCompare(modified, place);
  if (kind === 'exists') return existsCompare(placed);
  if (modified.isReference) return referenceCompare(modified, placed);
  if (kind === 'lt' || kind === 'lte' || kind === 'gt' || kind === 'gte') return numberCompare(kind, placed);
  const text = textOf(placed);
  if (kind === 'cidr') return networkCompare(text, place);
  if (kind === 're') return patternCompare(modified, text, place);
  const texts = spellingsOf(field, text).flatMap((one) =>
    modified.flags.has('windash') ? dashesOf(one) : [one],
  );
  return (member) => anyOf(texts.map((one) => textCondition(modified, member, one, place)));
}

/** A field that is absent is null. */
function nullCompare({ kind }: Modified, place: Place): Compare {
  if (kind !== undefined) throw place.refused('null', `has no meaning with ${kind}`);
  return (member) => ({ op: 'not', condition: { op: 'exists', member } });
}

function existsCompare({ value, place }: PlacedValue): Compare {
  if (typeof value !== 'boolean') throw place.refused('exists', 'must be true or false');
  return (member) => {
    const exists: Condition = { op: 'exists', member };
    return value ? exists : { op: 'not', condition: exists };
  };
}

const hows = { contains: 'contains', startswith: 'startsWith', endswith: 'endsWith' } as const;

function isSearch(kind: Modified['kind']): kind is keyof typeof hows {
  return kind !== undefined && Object.hasOwn(hows, kind);
}

function referenceCompare({ kind }: Modified, placed: PlacedValue): Compare {
  const other = memberOf(textOf(placed), placed.place);
  const how = isSearch(kind) ? hows[kind] : 'equals';
  return (member) => ({ op: 'sameAs', member, other, how });
}

const orderings = { lt: 'lt', lte: 'le', gt: 'gt', gte: 'ge' } as const;

function numberCompare(kind: keyof typeof orderings, { value, place }: PlacedValue): Compare {
  if (typeof value !== 'number') throw place.refused(kind, 'must be followed by a number');
  return (member) => ({ op: orderings[kind], member, value });
}

function networkCompare(text: string, place: Place): Compare {
  if (parseNetwork(text) === undefined) throw place.refused(text, 'is not a network such as 192.0.2.0/24');
  return (member) => ({ op: 'cidr', member, values: [text] });
}

/** The flags m and s are written into the expression. */
function patternCompare({ flags }: Modified, text: string, place: Place): Compare {
  const inline = (['m', 's'] as const).filter((flag) => flags.has(flag)).join('');
  const expression = inline === '' ? text : `(?${inline})${text}`;
  try {
    createPattern(expression, false);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw place.refused(text, `is not a regular expression that RE2 reads: ${reason}`);
  }
  return (member) => ({ op: 'regex', member, values: [expression], caseSensitive: !flags.has('i') });
}

const isSurrounded = {
  contains: { before: true, after: true },
  startswith: { before: false, after: true },
  endswith: { before: true, after: false },
} as const;

function textCondition({ kind, flags }: Modified, member: string, text: string, place: Place): Condition {
  const caseSensitive = flags.has('cased');
  if (member === wholeRecord) {
    if (caseSensitive || (kind !== undefined && kind !== 'contains'))
      throw place.refused('Payload', 'supports only contains, and re with i');
    return textInRecord(text);
  }
  const wildcard = hasWildcards(text);
  if (!isSearch(kind)) return textComparison(wildcard ? 'wildcard' : 'equals', member, text, caseSensitive);
  if (!wildcard) return textComparison(hows[kind], member, text, caseSensitive);
  return textComparison('wildcard', member, surrounded(text, isSurrounded[kind]), caseSensitive);
}

function textComparison(op: TextOp, member: string, pattern: string, caseSensitive: boolean): Condition {
  const values = [op === 'wildcard' ? pattern : plainTextOf(pattern)];
  return caseSensitive ? { op, member, values, caseSensitive } : { op, member, values };
}

/** Anywhere in the record, as keywords are. */
export function textInRecord(text: string): Condition {
  if (!hasWildcards(text)) return { op: 'keywords', values: [plainTextOf(text)] };
  const pattern = surrounded(text, { before: true, after: true });
  return { op: 'wildcard', member: wholeRecord, values: [pattern] };
}

/** @throws SigmaError for lists and maps */
export function textOf({ value, place }: PlacedValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw place.refused('a value', 'must be a text, a number, true, false, or null');
}

const dashes = ['-', '/', '–', '—', '―'];

/** A dash before a word may be written in several ways. */
function dashesOf(text: string): readonly string[] {
  return [...new Set([text, ...dashes.map((dash) => text.replaceAll(/\B[-/–—―]\b/g, dash))])];
}
