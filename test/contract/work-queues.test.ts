/** The promises about queues, kept in memory and on Queue Storage. */
import { QueueServiceClient } from '@azure/storage-queue';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createWorkQueues } from '../../shared/adapters/queues/work-queues.ts';
import {
  indexQueue,
  indexRequestSchema,
  pollQueue,
  pollRequestSchema,
  type IndexRequest,
  type PollRequest,
} from '../../shared/landing/work-queues.ts';
import { continueTrace } from '../../shared/telemetry/trace-context.ts';
import { createFakeWorkQueues } from '../support/fakes/work-queues.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();

function createFake() {
  const queues = createFakeWorkQueues();
  return {
    queues,
    messages: async (name: string): Promise<readonly unknown[]> =>
      await Promise.resolve(name === indexQueue ? queues.indexRequests : queues.pollRequests),
  };
}

function createReal() {
  const settings = storage();
  return {
    queues: createWorkQueues(settings),
    /** Takes the messages from the queue, read as the Functions host reads them. */
    messages: async (name: string): Promise<readonly unknown[]> => {
      if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
      const queue = QueueServiceClient.fromConnectionString(settings.connectionString).getQueueClient(name);
      const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
      for (const { messageId, popReceipt } of receivedMessageItems) {
        await queue.deleteMessage(messageId, popReceipt);
      }
      return receivedMessageItems.map(({ messageText }): unknown =>
        JSON.parse(Buffer.from(messageText, 'base64').toString('utf8')),
      );
    },
  };
}

describe.each([
  { where: 'in memory', create: createFake },
  { where: 'on Queue Storage', create: createReal },
])('queues $where', ({ create }) => {
  it('return index requests as they were sent', async () => {
    const { queues, messages } = create();
    const requests = ['first', 'second'].map((landingId): IndexRequest => ({
      ...{ version: 1, tenantId: randomUUID(), landingId, blobName: `tenant=ü/date=2026/${landingId}` },
    }));
    for (const request of requests) await queues.requestIndexing(request);
    const found = await messages(indexQueue);
    expect(found.map((message) => indexRequestSchema.parse(message))).toEqual(requests);
  });

  it('keep poll requests separate', async () => {
    const { queues, messages } = create();
    const request: PollRequest = { version: 1, tenantId: randomUUID(), reason: 'reconcile' };
    await Promise.all([queues.requestPoll(request), queues.requestPoll(request)]);
    const found = await messages(pollQueue);
    expect(found.map((message) => pollRequestSchema.parse(message))).toEqual([request, request]);
  });
});

describe('messages on Queue Storage', () => {
  it('carry the trace of their sender, and are parsed as without it', async () => {
    const settings = storage();
    if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
    const trace = continueTrace();
    const request: IndexRequest = {
      ...{ version: 1, tenantId: randomUUID(), landingId: 'one', blobName: 'tenant=a/one' },
    };
    await createWorkQueues(settings, () => trace).requestIndexing(request);
    const found = await createReal().messages(indexQueue);
    expect(found).toEqual([{ ...request, traceparent: trace.traceparent }]);
    expect(indexRequestSchema.parse(found[0])).toEqual(request);
  });
});

describe('unreachable queues', () => {
  it('fail', async () => {
    const queues = createWorkQueues(lockedOut(storage()));
    const request: PollRequest = { version: 1, tenantId: randomUUID(), reason: 'registered' };
    await expect(queues.requestPoll(request)).rejects.toThrow();
    await expect(queues.poisonDepths()).rejects.toThrow();
  });
});

it('keeps a message on Queue Storage until it is handled, however long that takes', async () => {
  const settings = storage();
  if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
  const request = { version: 1, tenantId: randomUUID(), landingId: 'kept', blobName: 'kept' } as const;
  await createWorkQueues(settings).requestIndexing(request);
  const queue = QueueServiceClient.fromConnectionString(settings.connectionString).getQueueClient(indexQueue);
  const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
  const expiries = receivedMessageItems.map(({ expiresOn }) => expiresOn.getUTCFullYear());
  expect(expiries.length).toBeGreaterThan(0);
  expect(expiries.filter((year) => year < 9999)).toEqual([]);
  for (const { messageId, popReceipt } of receivedMessageItems)
    await queue.deleteMessage(messageId, popReceipt);
});
