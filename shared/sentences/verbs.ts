/** Acts that differ only in what was done to what: "actor, words, object". */
import type { Act } from './act.ts';
import type { Facts } from './facts.ts';
import { listed, say, valueOr, valuePart, type Phrase } from './parts.ts';
import { actor } from './people.ts';

type ObjectOf = (facts: Facts) => Phrase;

/** "{actor} {words} {object}" */
export function simple(
  words: string,
  object: ObjectOf,
  severity: Act['severity'],
  operations: readonly string[],
): Act {
  return {
    operations,
    severity,
    sentence: (facts) => say`${actor(facts)} ${[{ text: words }]} ${object(facts)}`,
  };
}

/** What the verb of a cmdlet means: `Remove-InboxRule` deleted something. */
const cmdletVerbs: Readonly<Record<string, string>> = {
  add: 'added',
  disable: 'turned off',
  enable: 'turned on',
  new: 'created',
  remove: 'deleted',
  set: 'changed',
  start: 'started',
};

export function cmdletVerb({ record }: Facts): Phrase {
  const verb = record.operation?.split('-', 1)[0]?.toLowerCase() ?? '';
  return [{ text: cmdletVerbs[verb] ?? 'changed' }];
}

/** What the noun of a cmdlet means, by the table: `Remove-SafeLinksRule` is about a Safe Links rule. */
export function cmdletNoun({ record }: Facts, nouns: Readonly<Record<string, string>>): Phrase {
  const noun = record.operation?.split('-')[1]?.toLowerCase() ?? '';
  const found = Object.entries(nouns).find(([name]) => name.toLowerCase() === noun);
  return [{ text: found?.[1] ?? 'object' }];
}

/** Each verb with each noun. */
export function cmdlets(
  verbs: readonly string[],
  nouns: Readonly<Record<string, string>>,
): readonly string[] {
  return verbs.flatMap((verb) => Object.keys(nouns).map((noun) => `${verb}-${noun}`));
}

/** The name that a cmdlet or a record gives its object, in quotation marks; without one, the object as a whole. */
export function named(facts: Facts): Phrase {
  const name = facts.parameter('Name') || facts.parameter('Identity') || (facts.record.objectId ?? '');
  return name === ''
    ? say`without a name`
    : say`“${[valuePart(name, 'objectId', facts.record.objectId ?? name)]}”`;
}

/** "the settings A, B, and 3 more"; "settings" if no names are known. */
export function whatChanged(names: readonly string[], noun: string): Phrase {
  const all = listed(names.map((name) => valueOr(name, 'one without a name')));
  if (all === undefined) return [{ text: `${noun}s` }];
  return say`the ${[{ text: names.length === 1 ? noun : `${noun}s` }]} ${all}`;
}
