/** What a step of an enablement is. */
import type { ActivityFeed } from '../activity/activity-feed.ts';
import type { Budget } from '../budget.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { EnablementRequest, EnablementStep } from './enablement.ts';
import type { ExchangeAdmin } from './exchange-admin.ts';

export interface StepContext {
  readonly tenant: Tenant;
  readonly request: EnablementRequest;
  readonly exchange: ExchangeAdmin;
  readonly feed: ActivityFeed;
  readonly now: () => Date;
  /** Stores what is about to be changed, so that after a crash the step still knows that it made the change. */
  readonly keep: (progress: StepResult) => Promise<void>;
  /** When it is spent, the rest is left to the next message. */
  readonly budget: Budget;
  /** Between groups of changes. @throws SupersededError when a newer run has begun, or the enablement was canceled */
  readonly ensureNewest: () => Promise<void>;
}

/** Outcome of a step, merged into the stored step. `Waiting`: the change has not taken effect yet. */
export type StepResult = Pick<EnablementStep, 'status'> & Partial<EnablementStep>;

export type Step = (context: StepContext, stored: EnablementStep) => Promise<StepResult>;

/** Error of a step whose change was made and is not visible yet. */
export const notInEffectYet = {
  errorCode: 'NotInEffectYet',
  errorMessage: 'The change was made and has not taken effect yet.',
};

const maxReasons = 50;

/** A step that failed for these reasons; the message lists the first ones. */
export function failed(
  seen: Partial<EnablementStep>,
  errorCode: string,
  reasons: readonly string[],
): StepResult {
  const more = reasons.length > maxReasons ? [`and ${reasons.length - maxReasons} more`] : [];
  const errorMessage = [...reasons.slice(0, maxReasons), ...more].join('\n');
  return { ...seen, status: 'Failed', errorCode, errorMessage };
}
