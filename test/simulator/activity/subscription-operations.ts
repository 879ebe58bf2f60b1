/** Starts, stops, and lists subscriptions. */

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { callWebhook } from './notifications.ts';
import { activityReply, refuse, serviceHeaders, tenantDoesNotExist } from './errors.ts';
import type { ListedSubscription, Webhook } from './subscriptions.ts';
import type { Reply } from '../http.ts';
import type { TenantState } from '../tenant-states.ts';
import type { FeedContentType } from '../tenant.ts';

export interface StartRequest {
  readonly state: TenantState;
  readonly contentType: FeedContentType;
  readonly clientId: string;
  readonly publisherId: string | undefined;
  readonly body: Buffer;
  readonly now: Date;
  readonly resubscribeLagMs: number;
}

const startBodySchema = z.object({
  webhook: z
    .object({
      address: z.string(),
      authId: z.string().default(''),
      expiration: z
        .string()
        .nullish()
        .transform((text) => (text === undefined || text === '' ? null : text)),
    })
    .nullish(),
});

/** A webhook must answer before anything is started or changed. */
export const answerStart = async (request: StartRequest): Promise<Reply> => {
  const { state, contentType, clientId, publisherId, now, resubscribeLagMs } = request;
  if (!state.policy.get().auditingEnabled) {
    const { tenantId } = state.tenant;
    return tenantDoesNotExist({ tenantId, contentType, clientId, publisherId });
  }
  const webhook = readWebhook(request.body);
  if (webhook !== undefined && !isAllowed(webhook.address)) {
    return refuse('AF20021', webhook.address, 'The address must begin with HTTPS.');
  }
  if (webhook !== undefined && !(await validates(webhook))) {
    return refuse('AF20021', webhook.address, 'The endpoint did not return HTTP 200.');
  }
  return state.subscriptions.start(contentType, webhook, { now, resubscribeLagMs })
    ? activityReply(200, subscriptionOf({ contentType, webhook, isDisabled: false }))
    : refuse('AF20024');
};

export const answerStop = (state: TenantState, contentType: FeedContentType, now: Date): Reply =>
  state.subscriptions.stop(contentType, now)
    ? { status: 200, headers: serviceHeaders(), body: Buffer.alloc(0) }
    : refuse('AF20022');

export const answerList = (state: TenantState, now: Date): Reply =>
  activityReply(200, state.subscriptions.list(now).map(subscriptionOf));

const readWebhook = (body: Buffer): Webhook | undefined => {
  if (body.length === 0) return undefined;
  return startBodySchema.parse(JSON.parse(body.toString())).webhook ?? undefined;
};

const subscriptionOf = ({ contentType, webhook, isDisabled }: ListedSubscription): unknown => ({
  contentType,
  status: 'enabled',
  webhook: webhook === undefined ? null : { status: isDisabled ? 'disabled' : 'enabled', ...webhook },
});

/** The app under test has no certificate. */
const isAllowed = (address: string): boolean =>
  /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(address);

const validates = (webhook: Webhook): Promise<boolean> => {
  const validationCode = randomUUID();
  return callWebhook(webhook, { validationCode }, { 'Webhook-ValidationCode': validationCode });
};
