/** Poison messages as answers show them. */
import * as z from 'zod';
import { choice } from '../http/parameters.ts';
import { pageOf, positionParameters } from '../http/positions.ts';
import type { PoisonMessage } from './poison-message.ts';
import { workQueueSchema } from './queue-names.ts';

/** The states that answers show. */
export const shownStateSchema = z.enum(['waiting', 'replayed', 'givenUp']);
type ShownState = z.output<typeof shownStateSchema>;

/** The query parameters of the lists. */
export const poisonParameters = z.strictObject({
  queue: choice(workQueueSchema)
    .optional()
    .meta({ title: 'Queue', description: 'Only messages that were sent to this queue.' }),
  state: choice(z.enum(['waiting', 'givenUp']))
    .optional()
    .meta({ title: 'State', description: 'Only messages in this state.' }),
  ...positionParameters,
});

const order = {
  positionOf: ({ at, id }: PoisonMessage) => `${at.toISOString()}_${id}`,
  shape: /^[-\dT:.Z]{24}_[0-9a-f-]{36}$/,
};

/** The page, newest first, and the address that continues it. @throws RequestError 400 for an invalid skip token */
export function pageOfPoison(
  all: readonly PoisonMessage[],
  { queue, state, ...rest }: z.output<typeof poisonParameters>,
  url: string,
) {
  const wanted = all
    .filter(
      (one) => (queue === undefined || one.queue === queue) && (state === undefined || one.state === state),
    )
    .toSorted((a, b) => (order.positionOf(a) < order.positionOf(b) ? 1 : -1));
  const { page, nextLink } = pageOf(wanted, order, { ...rest, url });
  return { value: page.map((one) => publicPoison(one)), nextLink };
}

/** @param state that it has now, if that is another than was stored */
export function publicPoison(one: PoisonMessage, state?: ShownState) {
  const { landingId, kind, id, subscriptionId, operationId } = one.ids;
  return {
    poisonMessageId: one.id,
    tenantId: one.tenantId,
    queue: one.queue,
    state: state ?? shownStateSchema.parse(one.state),
    errorCode: one.code,
    errorMessage: one.message,
    deliveries: one.deliveries,
    failedDateTime: one.at.toISOString(),
    landingId,
    operationKind: kind,
    operationId: id,
    subscriptionId,
    traceId: operationId,
    givenUpDateTime: one.givenUpAt?.toISOString(),
    givenUpBy: one.givenUpBy,
    givenUpReason: one.givenUpReason,
  };
}
