/** Tests a destination, step by step. */
import { findDestination, type DestinationStore } from './destination.ts';
import type { BoundKind, SenderContext, TestStep } from './kind.ts';

export interface TestDestinationDeps {
  readonly destinations: Pick<DestinationStore, 'get'>;
  readonly destinationKinds: ReadonlyMap<string, BoundKind>;
  readonly senderContext: SenderContext;
}

const testMs = 30_000;

/** @throws RequestError 404 */
export async function testDestination(
  { destinations, destinationKinds, senderContext }: TestDestinationDeps,
  destinationId: string,
): Promise<readonly TestStep[]> {
  const { kind, settings } = await findDestination(destinations, destinationId);
  const sender = destinationKinds.get(kind)?.configured(settings).open(senderContext);
  if (sender === undefined) return [];
  try {
    return await sender.test(AbortSignal.timeout(testMs));
  } finally {
    await sender.close();
  }
}
