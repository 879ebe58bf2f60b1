/** Making auditing right in a tenant as the Functions host would: message after message. */
import { enablementRequestSchema } from '../../../shared/enablement/enablement.ts';
import { startEnablement } from '../../../shared/enablement/start-enablement.ts';
import type { OperationMessage } from '../../../shared/operations/operation.ts';
import { runEnablement, type EnablementDeps } from '../../support/enablement-world.ts';
import type { enable, InputOf, ResultOf } from '../tasks.ts';
import { timed } from './clock.ts';
import type { Product } from './product.ts';

/** @throws {Error} when it does not succeed, or has to wait: waiting is not what is measured */
export async function enableTenant(
  product: Product,
  { tenantId }: InputOf<typeof enable>,
): Promise<ResultOf<typeof enable>> {
  const waiting: OperationMessage[] = [];
  const requestOperationRun: EnablementDeps['queues']['requestOperationRun'] = (message, delayMs) => {
    if (delayMs > 0) return Promise.reject(new Error('Enabling had to wait'));
    waiting.push(message);
    return Promise.resolve();
  };
  const deps: EnablementDeps = { ...product, queues: { ...product.queues, requestOperationRun } };
  const { value, ...spent } = await timed(async () => {
    const request = enablementRequestSchema.parse({ removeBypasses: true });
    const { id } = await startEnablement(deps, { tenantId, request, createdBy: 'bench' });
    const messages = await handleAll(deps, waiting);
    return { messages, done: await product.enablements.get({ tenantId, id }) };
  });
  if (value.done?.status !== 'Succeeded')
    throw new Error(`Enabling ended as ${value.done?.status ?? 'nothing'}`);
  return { ...spent, messages: value.messages };
}

async function handleAll(deps: EnablementDeps, waiting: OperationMessage[]): Promise<number> {
  let handled = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    await runEnablement(deps, next);
    handled++;
  }
  return handled;
}
