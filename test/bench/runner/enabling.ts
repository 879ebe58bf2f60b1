/** Making auditing right in a tenant as the Functions host would: message after message. */
import { enablementRequestSchema, type EnablementMessage } from '../../../shared/enablement/enablement.ts';
import { runEnablement, type RunEnablementDeps } from '../../../shared/enablement/run-enablement.ts';
import { startEnablement } from '../../../shared/enablement/start-enablement.ts';
import type { enable, InputOf, ResultOf } from '../tasks.ts';
import { timed } from './clock.ts';
import type { Product } from './product.ts';

/** @throws {Error} when it does not succeed, or has to wait: waiting is not what is measured */
export async function enableTenant(
  product: Product,
  { tenantId }: InputOf<typeof enable>,
): Promise<ResultOf<typeof enable>> {
  const waiting: EnablementMessage[] = [];
  const requestEnablementStep: RunEnablementDeps['queues']['requestEnablementStep'] = (message, delayMs) => {
    if (delayMs > 0) return Promise.reject(new Error('Enabling had to wait'));
    waiting.push(message);
    return Promise.resolve();
  };
  const deps: RunEnablementDeps = { ...product, queues: { ...product.queues, requestEnablementStep } };
  const { value, ...spent } = await timed(async () => {
    const request = enablementRequestSchema.parse({ removeBypasses: true });
    const { enablementId } = await startEnablement(deps, tenantId, request);
    const messages = await handleAll(deps, waiting);
    return { messages, done: await product.enablements.get(tenantId, enablementId) };
  });
  if (value.done?.status !== 'Succeeded')
    throw new Error(`Enabling ended as ${value.done?.status ?? 'nothing'}`);
  return { ...spent, messages: value.messages };
}

async function handleAll(deps: RunEnablementDeps, waiting: EnablementMessage[]): Promise<number> {
  let handled = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    await runEnablement(deps, next);
    handled++;
  }
  return handled;
}
