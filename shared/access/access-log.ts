/** Who asked for what: kept, and never holding what a record says. */

/** `refused` is the caller's to mend, `failed` is ours. */
export const outcomes = ['accepted', 'refused', 'failed'] as const;

/** One call, as far as it concerns one tenant. */
export interface AccessLogEntry {
  readonly at: Date;
  /** As answered in `x-ms-request-id`. */
  readonly requestId: string;
  /** Id of the caller; absent when nobody could be told. */
  readonly caller?: string | undefined;
  /** Name of the function. */
  readonly action: string;
  /** Absent, too, where a caller who may not see the tenant was refused before that was looked at. */
  readonly tenantId?: string | undefined;
  readonly outcome: (typeof outcomes)[number];
  /** Error code of what was not accepted. */
  readonly code?: string | undefined;
  /** Names of the query parameters: their values may say what records say. */
  readonly parameters: readonly string[];
}

/** Entries of [from, to), newest first. */
export interface AccessLogQuery {
  readonly from: Date;
  readonly to: Date;
  readonly tenantId?: string | undefined;
  readonly caller?: string | undefined;
  /** Only calls of somebody who may see the tenant. */
  readonly onlyInsiders: boolean;
  readonly top: number;
  /** Where an earlier page ended. */
  readonly after?: string | undefined;
}

export interface AccessLogPage {
  readonly entries: readonly AccessLogEntry[];
  /** Where to go on; absent after the last entry. A page may have few entries, or none, and yet not be the last. */
  readonly next?: string | undefined;
}

export interface AccessLog {
  /** Keeps an entry; one of the same moment, request and tenant is replaced. */
  append(entry: AccessLogEntry): Promise<void>;
  list(query: AccessLogQuery): Promise<AccessLogPage>;
}

/** What every log of calls needs to be able to take. */
export type AccessLogWriter = Pick<AccessLog, 'append'>;

/**
 * Whether a tenant may see an entry that names it. Calls of others are not for it to see: they tell who others are. Who
 * writes an entry with any other code names only a tenant that the caller may see.
 */
export function isInsider({ caller, code }: Pick<AccessLogEntry, 'caller' | 'code'>): boolean {
  return caller !== undefined && code !== 'TenantNotFound';
}

/** Webhook ids that were seen, with what they started: the same id gets the same answer. */
export interface WebhookLog {
  /** Undefined when the id is new, and is now remembered; else what it started. */
  remember(id: string, started: string, now: Date): Promise<string | undefined>;
  /** Forgets an id whose work could not be started. */
  forget(id: string): Promise<void>;
}
