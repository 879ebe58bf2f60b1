/** Widens filters by name to all names that are known of the same person. */
import pMap from 'p-map';
import { normalize } from '../records/normalize.ts';
import { distinctNames, spellingsOf } from '../records/person-names.ts';
import type { NameDirectory, NameSets } from '../tenants/name-directory.ts';
import type { AskedFilters } from './filters.ts';

/** Parameters that find a person by any name. */
export const nameFilters = ['actor'] as const;

/** All names by parameter; undefined if no filter is by name. */
type KnownNames = Readonly<Partial<Record<(typeof nameFilters)[number], readonly string[]>>> | undefined;

/** A query must not become a search for everyone; a person has a dozen names. */
const maxNames = 400;
/** Reads of storage. */
const tenantsAtOnce = 16;

/**
 * Every name of the people that the filters name; nothing is read if they name no one. In several tenants a person is
 * looked up in each: names are addresses and ids, which mean the same person everywhere.
 * @throws when storage fails
 */
export async function knownNames(
  directory: NameDirectory,
  tenantIds: readonly string[],
  filters: AskedFilters,
): Promise<KnownNames> {
  const wanted = nameFilters.flatMap((name) => {
    const names = filters[name];
    return names === undefined ? [] : [{ name, names }];
  });
  if (wanted.length === 0) return undefined;
  const read = (tenantId: string) => directory.namesIn(tenantId);
  const sets = (await pMap(tenantIds, read, { concurrency: tenantsAtOnce })).flat();
  return Object.fromEntries(wanted.map(({ name, names }) => [name, allNames(names, sets)]));
}

/** The filters with {@link knownNames}. @throws when storage fails */
export async function withKnownNames<F extends AskedFilters>(
  directory: NameDirectory,
  tenantIds: readonly string[],
  filters: F,
): Promise<F> {
  return { ...filters, ...(await knownNames(directory, tenantIds, filters)) };
}

function allNames(wanted: readonly string[], sets: NameSets): readonly string[] {
  const spelled = wanted.flatMap(spellingsOf);
  const same = new Set(spelled.map(normalize.text));
  const known = sets.filter((names) => names.some((name) => same.has(normalize.text(name))));
  return distinctNames([...spelled, ...known.flat().flatMap(spellingsOf)]).slice(0, maxNames);
}
