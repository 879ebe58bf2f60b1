/** The promises about poison queues, kept in memory and on Queue Storage. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createPoisonQueues } from '../../shared/adapters/queues/poison-queue.ts';
import { messageIn } from '../../shared/poison/message-ids.ts';
import { searchQueue } from '../../shared/poison/search-queue.ts';
import { createQueues } from '../integration/operations/operating.ts';
import { createFakePoisonQueues } from '../support/fakes/poison-queue.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const queue = 'poll-requests';

function createFake() {
  const queues = createFakePoisonQueues(() => new Date('2026-03-02T08:00:00Z'));
  return {
    poison: queues.open(queue),
    put: async (message: unknown) => {
      queues.put(queue, message);
      await Promise.resolve();
    },
    sent: async () => await Promise.resolve(queues.sent(queue)),
  };
}

function createReal() {
  const settings = storage();
  if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
  const queues = createQueues(settings.connectionString);
  return {
    poison: createPoisonQueues(settings)(queue),
    put: async (message: unknown) => {
      const text = Buffer.from(JSON.stringify(message)).toString('base64');
      await queues.put(`${queue}-poison`, text);
    },
    sent: async () => (await queues.drain(queue)).map(messageIn),
  };
}

describe.each([
  { where: 'in memory', create: createFake },
  { where: 'on Queue Storage', create: createReal },
])('a poison queue $where', ({ create }) => {
  beforeEach(async () => {
    const { poison } = create();
    for (;;) {
      const { messages } = await poison.take();
      if (messages.length === 0) break;
      for (const message of messages) await poison.remove(message);
    }
  });

  it('that does not exist, or has no messages, is empty', async () => {
    const { poison } = create();
    expect([await poison.peek(), (await poison.take()).messages, await poison.count()]).toEqual([[], [], 0]);
  });

  it('shows messages without taking them, and hides those that are taken until they are given back', async () => {
    const { poison, put } = create();
    await put({ number: 1 });
    for (let time = 0; time < 2; time++) expect(await poison.peek()).toHaveLength(1);
    const { messages } = await poison.take();
    expect(messages.map(({ messageText }) => messageIn(messageText))).toEqual([{ number: 1 }]);
    expect([await poison.peek(), (await poison.take()).messages, await poison.count()]).toEqual([[], [], 1]);
    for (const message of messages) await poison.giveBack(message);
    expect(await poison.peek()).toHaveLength(1);
  });

  it('sends a message to its work queue, and deletes it, more than once without an error', async () => {
    const { poison, put, sent } = create();
    await put({ number: 2 });
    const [message] = (await poison.take()).messages;
    if (message === undefined) throw new Error('It was put.');
    await poison.putIntoWorkQueue(message);
    for (let time = 0; time < 2; time++) await poison.remove(message);
    expect([await sent(), await poison.count()]).toEqual([[{ number: 2 }], 0]);
  });

  it('is searched to its end, and all that is not wanted stays', async () => {
    const { poison, put } = create();
    for (let number = 0; number < 40; number++) await put({ number });
    const isWanted = ({ messageText }: { readonly messageText: string }) =>
      JSON.stringify(messageIn(messageText)) === '{"number":37}';
    const found = await searchQueue(poison, { isWanted });
    expect(found).toMatchObject({ seen: 40, isComplete: true });
    expect(found.wanted).toHaveLength(1);
    for (const message of found.wanted) await poison.remove(message);
    expect(await poison.count()).toBe(39);
    expect(await searchQueue(poison, { isWanted, limit: 10 })).toMatchObject({
      wanted: [],
      isComplete: false,
    });
    expect(await poison.peek()).toHaveLength(32);
  });
});

describe('an unreachable poison queue', () => {
  it('fails', async () => {
    const poison = createPoisonQueues(lockedOut(storage()))(queue);
    await expect(poison.peek()).rejects.toThrow();
    await expect(poison.take()).rejects.toThrow();
  });
});
