/** Deletes rows that are of no use any more, kind after kind, within a budget; what is left then is for tomorrow. */
import { repeatableForMs } from '../access/repeats.ts';
import type { Telemetry } from '../telemetry.ts';

export const expiringKinds = ['accessLog', 'repeats', 'webhooks', 'consents'] as const;
export type ExpiringKind = (typeof expiringKinds)[number];

/** What was deleted of one kind. */
export interface Purged {
  readonly rows: number;
  /** False when something may be left. */
  readonly finished: boolean;
}

/** Rows that end some time, in the order of their keys. */
export interface ExpiringRows {
  /**
   * Deletes rows of before a moment: of the access log whole days, of consent links those that ended by then. Rows that
   * somebody else deletes meanwhile are success.
   * @param mayGoOn asked after each page of rows: however short the time, every call gets somewhere
   */
  remove(kind: ExpiringKind, before: Date, mayGoOn: () => boolean): Promise<Purged>;
}

export interface PurgeExpiredDeps {
  readonly expiringRows: ExpiringRows;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly accessLogDays: number;
  readonly purgeBudgetMs: number;
}

const dayMs = 24 * 60 * 60_000;
/** Twice as long as they are good for: none that is just being used is deleted. */
const usedForMs = 2 * repeatableForMs;

/** Repeatable at any point. @throws when storage fails */
export async function purgeExpired(deps: PurgeExpiredDeps): Promise<void> {
  const { expiringRows, telemetry, now, accessLogDays, purgeBudgetMs } = deps;
  const started = now().getTime();
  const mayGoOn = () => now().getTime() < started + purgeBudgetMs;
  const agesMs = {
    ...{ accessLog: accessLogDays * dayMs, repeats: usedForMs, webhooks: usedForMs, consents: 0 },
  } satisfies Record<ExpiringKind, number>;
  for (const kind of expiringKinds) {
    const begun = now().getTime();
    const purged = await expiringRows.remove(kind, new Date(started - agesMs[kind]), mayGoOn);
    telemetry('retention.rows.purged', { kind, ...purged, durationMs: now().getTime() - begun });
  }
}
