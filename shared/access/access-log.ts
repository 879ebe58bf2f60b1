/** The access log: who called which function. It never holds the content of records. */
import * as z from 'zod';
import { storedDate } from '../stored-date.ts';

/** `refused`: the caller must fix the request; `failed`: the error is ours. */
export const outcomes = ['accepted', 'refused', 'failed'] as const;

/** One call, with regard to one tenant. */
export const accessLogEntrySchema = z.object({
  at: storedDate,
  /** As returned in `x-ms-request-id`. */
  requestId: z.string(),
  /** Id of the caller; absent when the caller could not be identified. */
  caller: z.string().optional(),
  /** Name of the function. */
  action: z.string(),
  /** Also absent when a caller without access to the tenant was refused before the tenant was read. */
  tenantId: z.string().optional(),
  outcome: z.enum(outcomes),
  /** Error code of a call that was not accepted. */
  code: z.string().optional(),
  /** {@link clientNetwork} of a call whose caller could not be identified. */
  clientAddress: z.string().optional(),
  /** How many such calls from there within a minute the entry represents; it describes the first of them. */
  count: z.int().optional(),
  /** Names of the query parameters only: their values may contain the content of records. */
  parameters: z.array(z.string()).readonly(),
});
export type AccessLogEntry = Readonly<z.output<typeof accessLogEntrySchema>>;

/** Entries of [from, to), newest first. */
export interface AccessLogQuery {
  readonly from: Date;
  readonly to: Date;
  readonly tenantId?: string | undefined;
  readonly caller?: string | undefined;
  /** Only calls of callers who have access to the tenant. */
  readonly onlyInsiders: boolean;
  readonly top: number;
  /** Where an earlier page ended. */
  readonly after?: string | undefined;
}

export interface AccessLogPage {
  readonly entries: readonly AccessLogEntry[];
  /** Position of the next page; absent after the last entry. A page may be short, or empty, without being the last. */
  readonly next?: string | undefined;
}

/** A caller reads a file of several tenants with an operation. */
export interface FileReading {
  readonly caller: string;
  /** Name of the function. */
  readonly action: string;
  readonly fileId: string;
  /** In this UTC day the file was begun. */
  readonly day: Date;
}

export interface AccessLog {
  /** Stores an entry; replaces an existing one with the same timestamp, request and tenant. */
  append(entry: AccessLogEntry): Promise<void>;
  list(query: AccessLogQuery): Promise<AccessLogPage>;
  /** Whether {@link AccessLog.markFile} was called for this reading, and its mark was not deleted with the entries of its day. */
  isFileMarked(reading: FileReading): Promise<boolean>;
  /** Says that the entries of all tenants of the file were written. Harmless to repeat. */
  markFile(reading: FileReading): Promise<void>;
}

/** The part of the log that writers of entries need. */
export type AccessLogWriter = Pick<AccessLog, 'append' | 'isFileMarked' | 'markFile'>;

/**
 * Whether a tenant may see an entry that names it. Calls of outsiders stay hidden, because they would reveal who the
 * outsiders are. Entries with any other code must only name a tenant that the caller has access to.
 */
export function isInsider({ caller, code }: Pick<AccessLogEntry, 'caller' | 'code'>): boolean {
  return caller !== undefined && code !== 'TenantNotFound';
}

/** Webhook ids already received, with what they started, so that a repeated id gets the same answer. */
export interface WebhookLog {
  /** Undefined when the id was new and is now stored; otherwise what it started. */
  remember(id: string, started: string, now: Date): Promise<string | undefined>;
  /** Forgets an id whose work could not be started. */
  forget(id: string): Promise<void>;
}
