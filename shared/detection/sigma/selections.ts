/** The named selections of a Sigma rule. */
import { isObject } from '../../json.ts';
import type { Condition } from '../conditions/condition.ts';
import { comparisonWith, textInRecord, textOf, type PlacedValue } from './comparisons.ts';
import { modifiersOf } from './modifiers.ts';
import { allOf, anyOf } from './sigma-fields.ts';
import type { Place } from './sigma-error.ts';

/**
 * A map holds if all of its fields do, a list if one of its elements does. An element is a map, or a keyword, which may
 * be anywhere in the record. @throws SigmaError
 */
export function selectionOf(selection: unknown, place: Place): Condition {
  if (Array.isArray(selection)) return listOf(selection, place);
  if (!isObject(selection)) return keywordOf({ value: selection, place });
  const fields = Object.entries(selection).map(([key, value]) => fieldComparison(key, value, place.at(key)));
  if (fields.length === 0) throw place.refused('a selection', 'has no fields');
  return allOf(fields);
}

function listOf(elements: readonly unknown[], place: Place): Condition {
  if (elements.length === 0) throw place.refused('a list', 'is empty');
  return anyOf(elements.map((element, at) => elementOf(element, place.at(at))));
}

function elementOf(element: unknown, place: Place): Condition {
  if (Array.isArray(element)) throw place.refused('a list', 'is within a list');
  return selectionOf(element, place);
}

function keywordOf(placed: PlacedValue): Condition {
  const text = textOf(placed);
  if (text === '') throw placed.place.refused('a keyword', 'is empty');
  return textInRecord(text);
}

function fieldComparison(key: string, value: unknown, place: Place): Condition {
  const modified = modifiersOf(key, place);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw place.refused(key, 'has no values');
  const values = list.map((one, at) => ({ value: one, place: Array.isArray(value) ? place.at(at) : place }));
  if (modified.field !== '') return comparisonWith(modified, values, place);
  const { kind, flags } = modified;
  const isPlain = kind === undefined || kind === 'contains';
  if (!isPlain || [...flags].some((flag) => flag !== 'all'))
    throw place.refused(key, 'is a keyword with a modifier other than all and contains');
  const keywords = values.map(keywordOf);
  return flags.has('all') ? allOf(keywords) : anyOf(keywords);
}
