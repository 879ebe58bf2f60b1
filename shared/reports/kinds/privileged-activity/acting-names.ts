/** By which names the records of holders are found, and whose a record is. */
import { normalize } from '../../../records/normalize.ts';
import { distinctNames, spellingsOf } from '../../../records/person-names.ts';
import type { NameSets } from '../../../tenants/name-directory.ts';
import type { KnownPrincipal } from './known-principals.ts';

/** A query of more names than this reads every record of the tenant instead of those of the names. */
const namesAtOnce = 40;

export interface ActingNames {
  /** Names to read the records of, some at a time. */
  readonly batches: readonly (readonly string[])[];
  /** Whose record it may be, if it counts in the batch: one that has names of several batches counts in the first of them. */
  readonly principalsOf: (names: readonly string[], batch: number) => readonly KnownPrincipal[];
}

/** @param people further names of the same people: all names of each */
export function actingNames(principals: readonly KnownPrincipal[], people: NameSets): ActingNames {
  const named = principals.map((principal) => ({ principal, names: allNames(principal, people) }));
  const batches = inBatches(named.map(({ names }) => names));
  const owners = new Map<string, readonly KnownPrincipal[]>();
  for (const { principal, names } of named)
    for (const name of names.map(normalize.text)) owners.set(name, [...(owners.get(name) ?? []), principal]);
  const batchOf = new Map<string, number>();
  for (const [index, batch] of batches.entries())
    for (const name of batch.map(normalize.text)) if (!batchOf.has(name)) batchOf.set(name, index);
  return {
    batches,
    principalsOf(names, batch) {
      const same = [...new Set(names.map(normalize.text))].filter((name) => owners.has(name));
      const first = Math.min(...same.map((name) => batchOf.get(name) ?? Infinity));
      return first === batch ? [...new Set(same.flatMap((name) => owners.get(name) ?? []))] : [];
    },
  };
}

function allNames({ names }: KnownPrincipal, people: NameSets): readonly string[] {
  const own = new Set(names.map(normalize.text));
  const same = people.filter((one) => one.some((name) => own.has(normalize.text(name))));
  return distinctNames([...names, ...same.flat()].flatMap(spellingsOf));
}

/** All names of one principal in the same batch, if they fit into one. */
function inBatches(all: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  for (const names of all) {
    const last = batches.at(-1);
    if (last !== undefined && last.length + names.length <= namesAtOnce) last.push(...names);
    else
      for (let at = 0; at < names.length; at += namesAtOnce) batches.push(names.slice(at, at + namesAtOnce));
  }
  return batches;
}
