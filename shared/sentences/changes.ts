/** What became different, as a record lists it: changed properties, or parameters of a cmdlet. */
import type { Change } from './act.ts';
import type { Facts, Modified } from './facts.ts';
import { safeText } from './safe-text.ts';

/** A record can list thousands. */
const maxChanges = 20;
/** Longer than in a sentence: a list of scopes or of addresses. */
const maxLength = 300;

/** What says which object is meant, or how a cmdlet runs, and nothing about what changed. */
const notAChange =
  /^(?:identity|organization|domaincontroller|confirm|force|whatif|verbose|erroraction|warningaction|ignoredehydratedflag|alwaysdeleteoutlookrulesblob|included updated properties|spn|(?:targetid|actorid)\..*|.*\.(?:objectid|puid|templateid|wellknownobjectname))$/i;

/** Undefined if it is the same before and after, or nothing. */
export function change(what: string, from: string, to: string): Change | undefined {
  const shown = { what: safeText(what), from: safeText(from, maxLength), to: safeText(to, maxLength) };
  if (from === to || (shown.from === '' && shown.to === '')) return undefined;
  if (shown.from === '') return { what: shown.what, to: shown.to };
  return shown.to === '' ? { what: shown.what, from: shown.from } : shown;
}

/** The first ones, if there are many. */
export function changesIn(facts: Facts): readonly Change[] {
  const changes: Change[] = [];
  for (const { name, from, to } of listedIn(facts)) {
    const one = notAChange.test(name) ? undefined : change(name, from, to);
    if (one !== undefined) changes.push(one);
    if (changes.length === maxChanges) break;
  }
  return changes;
}

/** What changed, without from what to what: all of it. */
export function namesOfChanges(facts: Facts): readonly string[] {
  const listed = listedIn(facts).filter(({ name, from, to }) => from !== to && !notAChange.test(name));
  return listed.map(({ name }) => name);
}

function listedIn({ allModified, parameters }: Facts): readonly Modified[] {
  const modified = allModified();
  return modified.length > 0
    ? modified
    : parameters().map(({ name, value }) => ({ name, from: '', to: value }));
}
