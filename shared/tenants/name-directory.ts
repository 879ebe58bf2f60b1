/** All names that are known in a tenant: of people who hold or held an admin role, and of mailboxes. */
import { LRUCache } from 'lru-cache';
import { addressIn, distinctNames } from '../records/person-names.ts';
import { unambiguousNames, type MailboxNames, type MailboxNameStore } from './mailbox-names.ts';
import type { RoleHolder, RoleHolderStore } from './role-holders.ts';

/** Each set holds the names of one person. */
export type NameSets = readonly (readonly string[])[];

export interface NameDirectory {
  /** All that were known in a tenant some minutes ago at the latest. @throws when storage fails */
  namesIn(tenantId: string): Promise<NameSets>;
  /** Those of mailboxes, likewise. @throws when storage fails */
  mailboxesIn(tenantId: string): Promise<MailboxNames>;
}

interface NameDirectoryDeps {
  readonly roleHolders: Pick<RoleHolderStore, 'list'>;
  readonly mailboxNames: Pick<MailboxNameStore, 'list'>;
  readonly now: () => Date;
}

/** How long a person is still known by the names of earlier snapshots. */
const rememberedMs = 400 * 24 * 60 * 60_000;

/** A snapshot is taken once a day, and there are hundreds to read: every page would read them all. */
const cacheMs = 5 * 60_000;
const cachedTenants = 1000;
/** Of mailboxes, in all tenants: some 20 MB. A tenant with more is not kept, but read for each page. */
const cachedNames = 200_000;

/** Names of everyone who holds or held the role: one read of the tenant's snapshots, for all pages of five minutes. */
export function createNameDirectory(deps: NameDirectoryDeps): NameDirectory {
  const age = { ttl: cacheMs, ttlResolution: 0, perf: { now: () => deps.now().getTime() } };
  const people = new LRUCache<string, NameSets>({
    ...age,
    max: cachedTenants,
    fetchMethod: (tenantId) => readNames(deps, tenantId),
  });
  const mailboxes = new LRUCache<string, MailboxNames>({
    ...age,
    maxSize: cachedNames,
    sizeCalculation: ({ size }) => size + 1,
    fetchMethod: async (tenantId) => unambiguousNames(await deps.mailboxNames.list(tenantId)),
  });
  return {
    namesIn: (tenantId) => people.forceFetch(tenantId),
    mailboxesIn: (tenantId) => mailboxes.forceFetch(tenantId),
  };
}

async function readNames({ roleHolders, now }: NameDirectoryDeps, tenantId: string): Promise<NameSets> {
  const to = new Date(now().getTime() + 1);
  const snapshots = await roleHolders.list(tenantId, new Date(to.getTime() - rememberedMs), to);
  const byId = new Map<string, readonly string[]>();
  for (const holder of snapshots.flatMap(({ holders }) => holders))
    byId.set(holder.id, distinctNames([...(byId.get(holder.id) ?? []), ...namesOfHolder(holder)]));
  return [...byId.values()];
}

/** Every name by which records may name the holder, each once. */
export function namesOfHolder({ id, userPrincipalName, appId, names = [] }: RoleHolder): readonly string[] {
  const principal = appId === undefined ? [] : [appId, `ServicePrincipal_${id}`];
  return distinctNames([id, userPrincipalName, addressIn(userPrincipalName ?? ''), ...principal, ...names]);
}
