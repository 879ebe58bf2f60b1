/** A watch: which rules are applied to the new records of which tenants, and what is known to be harmless. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import { storedDate } from '../stored-date.ts';
import { severitySchema } from './severity.ts';

/** Records that a watch passes over in one tenant, until a day that someone chose. */
const suppressionSchema = z.object({
  suppressionId: z.string(),
  tenantId: z.string(),
  /** A member of records and its values, which may be networks such as `192.0.2.0/24`; absent: all records. */
  member: z.string().optional(),
  values: z.array(z.string()).readonly().optional(),
  reason: z.string(),
  /** Records that were created at this moment or later are not passed over. */
  endDateTime: storedDate,
  createdBy: z.string(),
  createdDateTime: storedDate,
});
export type Suppression = Readonly<z.output<typeof suppressionSchema>>;

/** Where the rules of a watch come from; kept as it was written. */
const sourceSchema = z.discriminatedUnion('kind', [
  /** IDs of rules of the pack; an asterisk: all, those included that later versions of the app have. */
  z.object({ kind: z.literal('pack'), ruleIds: z.array(z.string()).readonly() }),
  /** JSON of one rule. */
  z.object({ kind: z.literal('rule'), rule: z.record(z.string(), z.unknown()) }),
  /** YAML of one Sigma rule, or of several that belong together. */
  z.object({ kind: z.literal('sigma'), text: z.string() }),
]);
export type WatchSource = Readonly<z.output<typeof sourceSchema>>;

/** In a list of rules of the pack: all of them. */
export const wholePack = '*';

/** Rules that cannot be evaluated, or match too much: the others are applied, and records are indexed. */
const failureSchema = z.object({ since: storedDate, cause: z.string() });

const changingSchema = z.object({
  displayName: z.string(),
  source: sourceSchema,
  /** The set of tenants, those included that are registered later. */
  tenants: z.string(),
  enabled: z.boolean(),
  /** In place of what the rules say. */
  severity: severitySchema.optional(),
  suppressions: z.array(suppressionSchema).readonly(),
  failure: failureSchema.optional(),
});
export type WatchChanges = Readonly<Partial<z.output<typeof changingSchema>>>;

export const watchSchema = changingSchema.extend({
  watchId: z.string(),
  createdBy: z.string(),
  createdDateTime: storedDate,
});
export type Watch = Readonly<z.output<typeof watchSchema>>;

/** A watch as stored, with the version that changes are made against. */
export interface StoredWatch extends Watch {
  readonly etag: string;
}

/** Watches are those of the partner: few, and none belongs to a tenant. */
export interface WatchStore {
  get(watchId: string): Promise<StoredWatch | undefined>;
  /** All, in order of id. */
  list(): Promise<readonly StoredWatch[]>;
  create(watch: Watch): Promise<void>;
  /**
   * Sets the named members; an undefined one is removed.
   * @returns the watch as it is now; undefined, and nothing written, when it was modified since or is gone
   */
  update(watch: StoredWatch, changes: WatchChanges): Promise<StoredWatch | undefined>;
  /** Succeeds if there is none. */
  remove(watchId: string): Promise<void>;
}

/** @throws RequestError 404 */
export async function findWatch(store: Pick<WatchStore, 'get'>, watchId: string): Promise<StoredWatch> {
  const id = z.guid().safeParse(watchId).data;
  const found = id === undefined ? undefined : await store.get(id.toLowerCase());
  if (found !== undefined) return found;
  const message = 'There is no watch with this ID. GET /watches lists them.';
  throw new RequestError(404, 'WatchNotFound', message);
}
