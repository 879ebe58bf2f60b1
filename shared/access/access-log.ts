/** Who asked for what: kept, and never holding what a record says. */

export interface AccessLogEntry {
  readonly at: Date;
  /** Id of the key, or `webhook`; absent when nobody could be told. */
  readonly caller?: string | undefined;
  readonly action: string;
  readonly tenantId?: string | undefined;
  readonly outcome: 'accepted' | 'refused';
  /** Error code of a refusal. */
  readonly code?: string | undefined;
}

export interface AccessLog {
  append(entry: AccessLogEntry): Promise<void>;
}

/** Webhook ids that were seen, with what they started: the same id gets the same answer. */
export interface WebhookLog {
  /** Undefined when the id is new, and is now remembered; else what it started. */
  remember(id: string, started: string, now: Date): Promise<string | undefined>;
  /** Forgets an id whose work could not be started. */
  forget(id: string): Promise<void>;
}
