/** Widens filters by name to all names that are known of the same person or mailbox. */
import pMap from 'p-map';
import { invalidParameter } from '../errors.ts';
import { normalize } from '../records/normalize.ts';
import { distinctNames, spellingsOf } from '../records/person-names.ts';
import { isGlobal, recipientSpellings } from '../records/recipient-names.ts';
import type { MailboxNames } from '../tenants/mailbox-names.ts';
import type { NameDirectory, NameSets } from '../tenants/name-directory.ts';
import type { AskedFilters } from './filters.ts';

/** How the names of a filter are widened in a tenant; what is returned contains them. */
type Widen = (
  directory: NameDirectory,
  tenantId: string,
  names: readonly string[],
) => Promise<readonly string[]>;

const widenings = {
  actor: async (directory, tenantId, names) => peopleNamed(await directory.namesIn(tenantId), spelled(names)),
  target: async (directory, tenantId, names) => {
    const people = await directory.namesIn(tenantId);
    const mailboxes = await directory.mailboxesIn(tenantId);
    const boxes = mailboxesNamed(mailboxes, peopleNamed(people, recipients(names)));
    return peopleNamed(people, boxes);
  },
  mailbox: async (directory, tenantId, names) =>
    mailboxesNamed(await directory.mailboxesIn(tenantId), recipients(names)),
} as const satisfies Readonly<Record<string, Widen>>;

/** Parameters that find a person, or a mailbox, by any name. */
export const nameFilters = [
  'actor',
  'target',
  'mailbox',
] as const satisfies readonly (keyof typeof widenings)[];

/** All names by parameter; undefined if no filter is by name. */
export type KnownNames = Readonly<Partial<Record<keyof typeof widenings, readonly string[]>>> | undefined;

/** A query must not become a search for everyone; a person has a dozen names. */
const maxNames = 400;
/** Reads of storage. */
const tenantsAtOnce = 16;

/**
 * Every name of the people and mailboxes that the filters name; nothing is read if they name none. In several tenants
 * they are looked up in each, and only names that mean the same everywhere are added: `Sales` is another mailbox in
 * every tenant.
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
  const entries = wanted.map(async ({ name, names }) => {
    const widen: Widen = widenings[name];
    const read = (tenantId: string) => widen(directory, tenantId, names);
    const found = (await pMap(tenantIds, read, { concurrency: tenantsAtOnce })).flat();
    const added = name === 'actor' || tenantIds.length === 1 ? found : found.filter(isGlobal);
    return [name, withinLimit(name, distinctNames([...names, ...added]))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** @throws RequestError 400: leaving some out would look like an answer without them */
function withinLimit(filter: string, names: readonly string[]): readonly string[] {
  if (names.length <= maxNames) return names;
  const why = `'${filter}' stands for more than ${maxNames} names in these tenants. Send an address, an ID, or fewer tenants.`;
  throw invalidParameter(filter, why);
}

/** The filters with {@link knownNames}. @throws when storage fails */
export async function withKnownNames<F extends AskedFilters>(
  directory: NameDirectory,
  tenantIds: readonly string[],
  filters: F,
): Promise<F> {
  return { ...filters, ...(await knownNames(directory, tenantIds, filters)) };
}

function spelled(names: readonly string[]): readonly string[] {
  return names.flatMap(spellingsOf);
}

function recipients(names: readonly string[]): readonly string[] {
  return names.flatMap(recipientSpellings);
}

/** With all names of the people who have one of them. */
function peopleNamed(people: NameSets, names: readonly string[]): readonly string[] {
  const same = new Set(names.map(normalize.text));
  const known = people.filter((one) => one.some((name) => same.has(normalize.text(name))));
  return distinctNames([...names, ...spelled(known.flat())]);
}

/** With all names of the mailboxes that have one of them. */
function mailboxesNamed(mailboxes: MailboxNames, names: readonly string[]): readonly string[] {
  const known = names.flatMap((name) => mailboxes.get(normalize.text(name)) ?? []);
  return distinctNames([...names, ...known]);
}
