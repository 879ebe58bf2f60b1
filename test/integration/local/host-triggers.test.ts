/** Queues, timers, and shutdown in the local host. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { HostProcess } from '../../local/host-process.ts';
import { countMessages, createFixture, type Fixture, readState, release, send } from './fixture.ts';

const patience = { timeout: 30_000, interval: 50 };

describe('the local host', () => {
  let fixture: Fixture;
  const hosts: HostProcess[] = [];

  const start = async (env?: Readonly<Record<string, string>>): Promise<HostProcess> => {
    const host = await fixture.start(env);
    hosts.push(host);
    return host;
  };

  beforeAll(async () => {
    fixture = await createFixture();
  });

  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.stop()));
    await fixture.queues.getQueueClient('work-items').deleteIfExists();
    await fixture.queues.getQueueClient('work-items-poison').deleteIfExists();
  });

  afterAll(() => fixture.dispose());

  test('creates the queue, runs the function once per message, and deletes the message', async () => {
    const host = await start();
    await vi.waitFor(async () => {
      expect(await fixture.queues.getQueueClient('work-items').exists()).toBe(true);
    }, patience);
    await Promise.all(['one', 'two', 'three'].map((text) => send(fixture, text)));
    await vi.waitFor(async () => {
      expect((await readState(host)).attempts).toEqual({ one: 1, two: 1, three: 1 });
      expect(await countMessages(fixture, 'work-items')).toBe(0);
    }, patience);
  });

  test('redelivers a message after a failure', async () => {
    const host = await start();
    await send(fixture, 'second-time-lucky');
    await vi.waitFor(async () => {
      expect((await readState(host)).attempts).toEqual({ 'second-time-lucky': 2 });
      expect(await countMessages(fixture, 'work-items')).toBe(0);
    }, patience);
    expect(await countMessages(fixture, 'work-items-poison')).toBe(0);
  });

  test('moves a message to the poison queue after maxDequeueCount attempts', async () => {
    const host = await start();
    await send(fixture, 'poison');
    await vi.waitFor(async () => {
      expect(await countMessages(fixture, 'work-items-poison')).toBe(1);
      expect(await countMessages(fixture, 'work-items')).toBe(0);
    }, patience);
    expect((await readState(host)).attempts).toEqual({ poison: 3 });
    const poisoned = fixture.queues.getQueueClient('work-items-poison');
    const [message] = (await poisoned.receiveMessages()).receivedMessageItems;
    expect(Buffer.from(message?.messageText ?? '', 'base64').toString()).toBe('poison');
  });

  test('runs a queue function by hand', async () => {
    const host = await start();
    await host.run('work', 'by hand');
    await vi.waitFor(async () => {
      expect((await readState(host)).attempts).toEqual({ 'by hand': 1 });
    }, patience);
  });

  test('does not run a timer on startup unless configured', async () => {
    const host = await start();
    expect((await readState(host)).timerRuns.started).toBe(0);
    await host.stop();
  });

  test('runs one instance of a timer at a time, and one more if requested in the meantime', async () => {
    const host = await start({ FIXTURE_RUN_ON_STARTUP: 'true' });
    await whenWaiting(host);
    await host.run('tick');
    await host.run('tick');
    expect((await readState(host)).timerRuns).toEqual({ started: 1, running: 1, mostAtOnce: 1 });
    expect((await host.status()).idle).toBe(false);
    await release(host);
    await vi.waitFor(async () => {
      expect((await readState(host)).timerRuns.started).toBe(2);
    }, patience);
    await release(host);
    await vi.waitFor(async () => {
      expect((await host.status()).idle).toBe(true);
    }, patience);
    expect((await readState(host)).timerRuns).toEqual({ started: 2, running: 0, mostAtOnce: 1 });
  });

  test('answers running requests before it ends', async () => {
    const host = await start();
    const answer = fetch(`${host.baseUrl}/api/wait`);
    await whenWaiting(host);
    await host.stop();
    expect(await (await answer).text()).toBe('done');
    expect(await host.ended).toBe('The local host ended (exit code 0)');
  });

  test('settles the current message before it ends', async () => {
    const host = await start();
    await send(fixture, 'wait for the end');
    await whenWaiting(host);
    await host.stop();
    expect(await host.ended).toBe('The local host ended (exit code 0)');
    expect(await countMessages(fixture, 'work-items')).toBe(0);
  });
});

/** Resolves once an invocation waits to be released. */
async function whenWaiting(host: HostProcess): Promise<void> {
  await vi.waitFor(async () => {
    expect((await readState(host)).waiting).toBe(1);
  }, patience);
}
