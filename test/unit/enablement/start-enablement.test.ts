import { describe, expect, it } from 'vitest';
import { enablementKind } from '../../../shared/enablement/enablement.ts';
import { messageFor } from '../../../shared/operations/operation.ts';
import { OperationInProgressError } from '../../../shared/operations/start-operation.ts';
import { createEnablementWorld } from '../../support/enablement-world.ts';

const refusalOf = async (attempt: Promise<unknown>): Promise<OperationInProgressError> => {
  const error: unknown = await attempt.catch((reason: unknown) => reason);
  if (!(error instanceof OperationInProgressError)) throw new Error('It was not refused.');
  return error;
};

describe('starting an enablement', () => {
  it('stores it and sends the message that runs it', async () => {
    const world = createEnablementWorld();
    const started = await world.start();
    expect((await world.read(started.id)).status).toBe('NotStarted');
    expect(world.queues.waiting()).toEqual([
      { message: messageFor(enablementKind, started), due: world.clock.now() },
    ]);
  });

  it('is refused while one is running, with its id, and is possible when that has finished', async () => {
    const world = createEnablementWorld();
    const { id } = await world.start();
    const refused = await refusalOf(world.start());
    expect(refused).toMatchObject({ status: 409, code: 'EnablementInProgress', operationId: id });
    expect(refused.message).toContain(id);
    await world.drain();
    await world.start();
    expect(world.telemetry.of('operations.operation.started')).toHaveLength(2);
  });

  it('twenty times at once starts one', async () => {
    const world = createEnablementWorld();
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => world.start()));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(world.queues.waiting()).toHaveLength(1);
  });
});
