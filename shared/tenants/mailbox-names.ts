/** By which names the mailboxes of a tenant are known: read whenever they are listed, and kept for those that are gone. */
import * as z from 'zod';
import { normalize } from '../records/normalize.ts';
import { distinctNames } from '../records/person-names.ts';
import { dayOf } from '../utc-day.ts';

export const knownMailboxSchema = z.object({
  /** ExchangeGuid. */
  id: z.string(),
  /** Newest first: ids, addresses, legacy and canonical names, alias, display name. */
  names: z.array(z.string()).readonly(),
  /** Day on which it was last listed, `yyyy-MM-dd`. */
  seen: z.string(),
});
export type KnownMailbox = Readonly<z.infer<typeof knownMailboxSchema>>;

export interface MailboxNameStore {
  /** All that were saved. */
  list(tenantId: string): Promise<readonly KnownMailbox[]>;
  /** Replaces all. Not as a whole: of two callers at once, each mailbox is as one of them saved it. */
  save(tenantId: string, mailboxes: readonly KnownMailbox[]): Promise<void>;
}

export interface MailboxNamesDeps {
  readonly mailboxNames: MailboxNameStore;
  readonly now: () => Date;
}

/** How long a mailbox that is gone is still known. */
const rememberedMs = 400 * 24 * 60 * 60_000;
/** Of a mailbox; a query has room for a stream each. */
const maxNames = 30;
const maxNameLength = 400;
/** Of a tenant; those that were seen last are kept. */
export const maxKnownMailboxes = 20_000;

/**
 * Adds what a listing says, complete or not, to what is known: former names stay behind the present ones.
 * @throws when storage fails
 */
export async function rememberMailboxes(
  { mailboxNames, now }: MailboxNamesDeps,
  tenantId: string,
  listed: readonly { readonly id: string; readonly names: readonly string[] }[],
): Promise<void> {
  if (listed.length === 0) return;
  const seen = dayOf(now());
  const before = new Map((await mailboxNames.list(tenantId)).map((one) => [one.id, one]));
  const after = new Map(before);
  for (const { id, names } of listed) {
    const all = distinctNames([...names, ...(before.get(id)?.names ?? [])]);
    after.set(id, {
      id,
      names: all.filter(({ length }) => length <= maxNameLength).slice(0, maxNames),
      seen,
    });
  }
  const oldest = dayOf(new Date(now().getTime() - rememberedMs));
  const kept = [...after.values()].filter((one) => one.seen >= oldest);
  await mailboxNames.save(tenantId, kept.sort(lastSeenFirst).slice(0, maxKnownMailboxes));
}

function lastSeenFirst(one: KnownMailbox, other: KnownMailbox): number {
  if (one.seen !== other.seen) return one.seen > other.seen ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

/** The names of the mailbox that a name means, by normalized name. */
export type MailboxNames = ReadonlyMap<string, readonly string[]>;

/**
 * Without names that several mailboxes have, such as the display name of two people or an address that was given to a
 * successor: they say nothing about which one is meant, and Exchange itself refuses commands that use them.
 */
export function unambiguousNames(mailboxes: readonly KnownMailbox[]): MailboxNames {
  const owners = new Map<string, number>();
  const sets = mailboxes.map(({ names }) => new Map(names.map((name) => [normalize.text(name), name])));
  for (const key of sets.flatMap((set) => [...set.keys()])) owners.set(key, (owners.get(key) ?? 0) + 1);
  const known = new Map<string, readonly string[]>();
  for (const set of sets) {
    const own = [...set].filter(([key]) => owners.get(key) === 1);
    const names = own.map(([, name]) => name);
    for (const [key] of own) known.set(key, names);
  }
  return known;
}
