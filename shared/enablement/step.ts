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
  readonly isCancelRequested: () => Promise<boolean>;
}

/** What a step came to; merged into the stored step. `Waiting`: what was asked for has not taken effect yet. */
export type StepResult = Pick<EnablementStep, 'status'> & Partial<EnablementStep>;

export type Step = (context: StepContext, stored: EnablementStep) => Promise<StepResult>;

/** Error of a step whose change was made and does not show yet. */
export const notInEffectYet = {
  errorCode: 'NotInEffectYet',
  errorMessage: 'It was asked for, and has not taken effect yet.',
};

const maxReasons = 50;

/** A step that failed for these reasons, of which the first ones are told. */
export function failed(
  seen: Partial<EnablementStep>,
  errorCode: string,
  reasons: readonly string[],
): StepResult {
  const more = reasons.length > maxReasons ? [`and ${reasons.length - maxReasons} more`] : [];
  const errorMessage = [...reasons.slice(0, maxReasons), ...more].join('\n');
  return { ...seen, status: 'Failed', errorCode, errorMessage };
}
