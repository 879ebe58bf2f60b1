/** A destination: where the records of a set of tenants are sent on to, and whether that works. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import { searchFiltersSchema } from '../searches/search.ts';
import { storedDate } from '../stored-date.ts';

/** Why nothing is sent for now. One of its tenants tries again at a time; when that succeeds, all continue. */
export const circuitSchema = z.object({
  since: storedDate,
  cause: z.string(),
  /** What someone has to do; absent if it may pass. */
  nextStep: z.string().optional(),
  /** Attempts in a row that failed. */
  failures: z.number(),
  nextAttemptAt: storedDate,
});
export type Circuit = Readonly<z.output<typeof circuitSchema>>;

/** A saved search of several tenants. */
export const namedSearchSchema = z.object({
  /** @see ownerOfSet */
  owner: z.string(),
  name: z.string(),
});
export type NamedSearch = Readonly<z.output<typeof namedSearchSchema>>;

/** What changes. */
const changingSchema = z.object({
  displayName: z.string(),
  /** As the kind declares them, checked whenever they are used. */
  settings: z.record(z.string(), z.unknown()),
  /** The set of tenants, those included that are registered later. */
  tenants: z.string(),
  filters: searchFiltersSchema,
  /** Has the filters in place of `filters`, as they are whenever records are sent. */
  search: namedSearchSchema.optional(),
  /** Someone stopped it: what arrives meanwhile is sent when it is resumed. */
  paused: z.boolean(),
  circuit: circuitSchema.optional(),
});

export const destinationSchema = changingSchema.extend({
  destinationId: z.string(),
  kind: z.string(),
  createdBy: z.string(),
  createdDateTime: storedDate,
  /** What was indexed before is not sent: landings whose numbers, which are milliseconds since 1970, are lower. */
  since: storedDate,
  /** What is indexed at this moment or later is not sent. Absent: there is no end. */
  until: storedDate.optional(),
});
export type Destination = Readonly<z.output<typeof destinationSchema>>;

/** A destination as stored, with the version that changes are made against. */
export interface StoredDestination extends Destination {
  readonly etag: string;
}

export type DestinationChanges = Readonly<Partial<z.output<typeof changingSchema>>>;

/** Destinations are those of the partner: few, and none belongs to a tenant. */
export interface DestinationStore {
  get(destinationId: string): Promise<StoredDestination | undefined>;
  /** All, in order of id. */
  list(): Promise<readonly StoredDestination[]>;
  create(destination: Destination): Promise<void>;
  /**
   * Sets the named members; an undefined one is removed.
   * @returns the destination as it is now; undefined, and nothing written, when it was modified since or is gone
   */
  update(destination: StoredDestination, changes: DestinationChanges): Promise<StoredDestination | undefined>;
  /** Succeeds if there is none. */
  remove(destinationId: string): Promise<void>;
}

/** @throws RequestError 404 */
export async function findDestination(
  store: Pick<DestinationStore, 'get'>,
  destinationId: string,
): Promise<StoredDestination> {
  const id = z.guid().safeParse(destinationId).data;
  const found = id === undefined ? undefined : await store.get(id.toLowerCase());
  if (found !== undefined) return found;
  const message = 'There is no destination with this ID. GET /destinations lists them.';
  throw new RequestError(404, 'DestinationNotFound', message);
}
