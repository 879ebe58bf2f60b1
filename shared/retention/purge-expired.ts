/** Deletes expired rows, kind by kind, within a budget; the rest is deleted the next day. */
import type { Budget } from '../budget.ts';
import { keyLifetimeMs } from '../http/idempotency-key.ts';
import { skipTokenLifetimeMs } from '../query/skip-token.ts';
import type { Telemetry } from '../telemetry.ts';

export const expiringKinds = [
  'accessLog',
  'repeats',
  'webhooks',
  'consents',
  'pageTokens',
  'poisonMessages',
  'channelDeliveries',
  'watchStates',
] as const;
export type ExpiringKind = (typeof expiringKinds)[number];

/** What was deleted of one kind. */
export interface Purged {
  readonly rows: number;
  /** False when something may be left. */
  readonly finished: boolean;
}

/** Rows that expire, in the order of their keys. */
export interface ExpiringRows {
  /**
   * Deletes rows older than a moment: of the access log whole days, of consent links those that expired by then. Rows
   * that are deleted concurrently are ignored.
   * @param budget checked after each page of rows, so that every call makes progress
   */
  remove(kind: ExpiringKind, before: Date, budget: AbortSignal): Promise<Purged>;
}

export interface PurgeExpiredDeps {
  readonly expiringRows: ExpiringRows;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly accessLogDays: number;
}

const dayMs = 24 * 60 * 60_000;
/** Twice as long as they are valid: a row that is in use is never deleted. */
const usedForMs = 2 * keyLifetimeMs;

/** Work that failed so long ago was done since, or given up; what is still in a poison queue stays listed. */
const poisonDays = 90;

/** What a channel sent so long ago is listed nowhere; senders to desks find what is there. */
const deliveryDays = 90;
/** Rules remember for at most 90 days what is usual, and late records come within days. */
const watchStateDays = 120;

/** Safe to repeat at any point. @throws when storage fails */
export async function purgeExpired(deps: PurgeExpiredDeps, budget: Budget): Promise<void> {
  const { expiringRows, telemetry, now, accessLogDays } = deps;
  const started = now().getTime();
  const agesMs: Readonly<Record<ExpiringKind, number>> = {
    accessLog: accessLogDays * dayMs,
    repeats: usedForMs,
    webhooks: usedForMs,
    consents: 0,
    pageTokens: 2 * skipTokenLifetimeMs,
    poisonMessages: poisonDays * dayMs,
    channelDeliveries: deliveryDays * dayMs,
    watchStates: watchStateDays * dayMs,
  };
  for (const kind of expiringKinds) {
    const begunAt = now().getTime();
    const purged = await expiringRows.remove(kind, new Date(started - agesMs[kind]), budget);
    telemetry('retention.rows.purged', { kind, ...purged, durationMs: now().getTime() - begunAt });
  }
}
