import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SendResult } from '../../../shared/destinations/kind.ts';
import type { OutgoingBatch } from '../../../shared/destinations/outgoing.ts';
import { maxSuspects } from '../../../shared/destinations/settle.ts';
import { minuteMs } from '../../support/clock.ts';
import {
  accepted,
  createDestinationWorld,
  settleAll,
  type ReceiverAnswer,
} from '../../support/destinations/destination-world.ts';
import { createFaults } from '../../support/faults.ts';
import { guidOf, type InventedRecord } from '../../support/feed-world.ts';

const record = (name: string, more: Partial<InventedRecord> = {}): InventedRecord => ({
  id: guidOf(name),
  ...more,
});
const records = (count: number, prefix = 'r') =>
  Array.from({ length: count }, (_, at) => record(`${prefix}${at}`));
const idsOf = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id);
const idsIn = (batch: OutgoingBatch) => batch.records.map(({ record: { id } }) => id);
const retry: ReceiverAnswer = { result: { outcome: 'retry', cause: 'The destination answered 503.' } };
const misconfigured: SendResult = { outcome: 'misconfigured', cause: 'No.', nextStep: 'Change it.' };
const refused: ReceiverAnswer = { result: { outcome: 'refused', cause: 'Bad.' } };

describe('a destination', () => {
  it('gets what arrives after its creation, in order, in batches within its limits', async () => {
    const world = createDestinationWorld();
    await world.ingest(records(3, 'before'));
    world.clock.advance(minuteMs);
    await world.addDestination();
    await world.publish(records(25));
    await world.publish(records(5, 's'));
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf([...records(25), ...records(5, 's')]));
    expect(world.batches.map(({ records: { length } }) => length)).toEqual([10, 10, 10]);
    expect((await world.cursor())?.counts).toEqual({ sent: 30, duplicates: 0, rejected: 0 });
  });

  it('gets no batch with more bytes than it takes, and a larger record alone', async () => {
    const world = createDestinationWorld();
    await world.addDestination({ settings: { bytes: 400 } });
    const large = record('large', { note: 'x'.repeat(1000) });
    await world.publish([record('a'), record('b'), record('c'), large, record('d')]);
    await settleAll(world);
    expect(world.batches.map(idsIn)).toEqual([['a', 'b', 'c'].map(guidOf), [guidOf('large')], [guidOf('d')]]);
  });

  it('gets what its filters match, of the tenants in its set', async () => {
    const other = guidOf('other tenant');
    const world = createDestinationWorld([other]);
    await world.addDestination({ filters: { operations: 'New-InboxRule' }, tenants: other });
    for (const tenantId of [world.tenantId, other])
      await world.publish([record('a'), record('b', { operation: 'New-InboxRule' })], tenantId);
    await settleAll(world);
    expect(world.received).toEqual([{ tenantId: other, id: guidOf('b') }]);
  });

  it('keeps its place while it is paused, and gets everything when it is resumed', async () => {
    const world = createDestinationWorld();
    await world.addDestination({ paused: true });
    await world.publish(records(3));
    await settleAll(world);
    expect(world.received).toEqual([]);
    const stored = await world.destination();
    if (stored !== undefined) await world.deps.destinations.update(stored, { paused: false });
    await world.queues.requestSending({ version: 1, destinationId: world.destinationId });
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf(records(3)));
  });

  it('that cannot be reached gets the same batch again, however long it takes, and loses nothing', async () => {
    const world = createDestinationWorld();
    const begun = world.clock.now().getTime();
    world.answerWith(() => (world.clock.now().getTime() - begun < 5 * 24 * 60 * minuteMs ? retry : accepted));
    await world.addDestination();
    await world.publish(records(15));
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf(records(15)));
    const ids = new Set(world.batches.slice(0, -1).map(({ id }) => id));
    expect(ids.size).toBe(1);
    expect(await world.destination()).toMatchObject({ circuit: undefined });
  });

  it('gets the same batch again from a host that reads slowly', async () => {
    const world = createDestinationWorld();
    world.answerWith(() => retry);
    await world.addDestination();
    await world.ingest(records(3, 'first'));
    await world.publish(records(3, 'second'));
    await world.drain();
    const read: typeof world.raw.read = (name) => {
      world.clock.advance(10_000);
      return world.raw.read(name);
    };
    world.answerWith(() => accepted);
    await settleAll(world, () => ({ raw: { read } }));
    expect(world.batches.map((batch) => batch.records.length)).toEqual([6, 6]);
    expect(new Set(world.batches.map(({ id }) => id)).size).toBe(1);
  });

  it('is called by one tenant only while it fails, and then by all', async () => {
    const others = ['a', 'b', 'c', 'd'].map(guidOf);
    const world = createDestinationWorld(others);
    world.answerWith(() => retry);
    await world.addDestination();
    for (const tenantId of [world.tenantId, ...others]) await world.publish(records(2), tenantId);
    await world.drain();
    expect(world.batches).toHaveLength(1);
    world.clock.advance(60 * minuteMs);
    for (const tenantId of others) await world.publish(records(2, 'more'), tenantId);
    await world.drain();
    expect(world.batches).toHaveLength(2);
    world.answerWith(() => accepted);
    await settleAll(world);
    expect(new Set(world.received.map(({ tenantId }) => tenantId)).size).toBe(5);
    expect(world.received).toHaveLength(2 + 4 * 4);
  });

  it('that is not configured well drops nothing, says what to do, and is tried every 15 minutes', async () => {
    const world = createDestinationWorld();
    world.answerWith(() => ({ result: misconfigured }));
    await world.addDestination();
    await world.publish(records(2));
    await world.drain();
    expect(await world.destination()).toMatchObject({
      circuit: { cause: 'No.', nextStep: 'Change it.', failures: 1 },
    });
    expect(world.queues.waiting.map(({ at }) => at.getTime() - world.clock.now().getTime())).toEqual([
      15 * minuteMs,
    ]);
    world.answerWith(() => accepted);
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf(records(2)));
  });

  it('that refuses one record gets all others, and the record is a dead letter that can be sent again', async () => {
    const world = createDestinationWorld();
    const bad = guidOf('r13');
    world.answerWith((batch) => (idsIn(batch).includes(bad) ? refused : accepted));
    await world.addDestination();
    await world.publish(records(30));
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf(records(30)).filter((id) => id !== bad));
    expect(await world.letters()).toMatchObject([{ recordId: bad, cause: 'Bad.', tenantId: world.tenantId }]);
    expect((await world.cursor())?.counts).toEqual({ sent: 29, duplicates: 0, rejected: 1 });
    world.answerWith(() => accepted);
    await world.queues.requestSending({ version: 1, destinationId: world.destinationId, replay: true });
    await settleAll(world);
    expect(world.received.at(-1)?.id).toBe(bad);
    expect(await world.letters()).toEqual([]);
  });

  it('that refuses its last record waits for the next one before it is a dead letter', async () => {
    const world = createDestinationWorld();
    const bad = guidOf('r2');
    world.answerWith((batch) => (idsIn(batch).includes(bad) ? refused : accepted));
    await world.addDestination();
    await world.publish(records(3));
    await settleAll(world);
    expect(await world.letters()).toEqual([]);
    expect((await world.cursor())?.suspects).toHaveLength(1);
    await world.publish(records(1, 'next'));
    await settleAll(world);
    expect((await world.letters()).map(({ recordId }) => recordId)).toEqual([bad]);
    expect((await world.cursor())?.suspects).toBeUndefined();
  });

  it('that refuses everything loses nothing: that is its configuration, not the records', async () => {
    const world = createDestinationWorld();
    world.answerWith(() => refused);
    await world.addDestination();
    await world.publish(records(50));
    await world.drain();
    expect(await world.letters()).toEqual([]);
    expect(await world.destination()).toMatchObject({ circuit: { failures: 1 } });
    expect(world.batches.length).toBeLessThan(maxSuspects + 10);
    world.answerWith(() => accepted);
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf(records(50)));
  });

  it('that finds every record too large loses nothing, and one record that is becomes a dead letter', async () => {
    const world = createDestinationWorld();
    world.answerWith(() => ({ result: { outcome: 'tooLarge' } }));
    await world.addDestination();
    await world.publish(records(50));
    await world.drain();
    expect(await world.letters()).toEqual([]);
    expect((await world.destination())?.circuit?.nextStep).toBeDefined();
    const large = guidOf('r7');
    world.answerWith((batch) =>
      idsIn(batch).includes(large) ? { result: { outcome: 'tooLarge' } } : accepted,
    );
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf(records(50)).filter((id) => id !== large));
    expect(await world.letters()).toMatchObject([{ recordId: large, cause: 'The record is too large.' }]);
  });

  it('that names every record of a batch as refused gets each of them alone', async () => {
    const world = createDestinationWorld();
    const bad = new Set(idsOf(records(30)).slice(0, 10));
    world.answerWith((batch) => {
      const rejects = idsIn(batch).flatMap((id, index) =>
        bad.has(id) ? [{ index, cause: 'Mapping.' }] : [],
      );
      return { result: { outcome: 'accepted', rejects } };
    });
    await world.addDestination();
    await world.publish(records(30));
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf(records(30)).slice(10));
    expect((await world.letters()).map(({ recordId }) => recordId)).toEqual([...bad]);
  });

  it('continues after what it has for certain', async () => {
    const world = createDestinationWorld();
    let first = true;
    world.answerWith(() => {
      const isFirst = first;
      first = false;
      return isFirst
        ? { result: { outcome: 'retry', cause: 'Busy.', acceptedFirst: 4 }, keeps: 4 }
        : accepted;
    });
    await world.addDestination();
    await world.publish(records(10));
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf(records(10)));
  });

  it('gets another attempt after a host ends during one, whatever message it was made for', async () => {
    const world = createDestinationWorld();
    const left = [{ result: misconfigured }];
    world.answerWith(() => left.shift() ?? accepted);
    await world.addDestination();
    await world.publish(records(1));
    await world.drain();
    let began = false;
    await settleAll(world, () => {
      const faults = createFaults((step) => {
        const isAttempt = !began && step === 'destinations.update';
        if (isAttempt) began = true;
        return isAttempt ? 'crashAfter' : undefined;
      });
      return { destinations: faults.inject('destinations', world.deps.destinations) };
    });
    expect(idsOf(world.received)).toEqual(idsOf(records(1)));
  });

  it('with an end gets what arrived before it, each record once, and the one that begins there gets the rest', async () => {
    const world = createDestinationWorld();
    const begun = world.clock.now();
    await world.ingest(records(7, 'before'));
    world.clock.advance(minuteMs);
    const at = world.clock.now();
    await world.addDestination({ since: begun, until: at, settings: { records: 2 } });
    await world.ingest(records(5, 'after'));
    await world.queues.requestSending({ version: 1, destinationId: world.destinationId });
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf(records(7, 'before')));
    await world.publish(records(1, 'later'));
    expect(world.queues.waiting).toEqual([]);
    await world.addDestination({ destinationId: guidOf('live'), since: at });
    await world.queues.requestSending({ version: 1, destinationId: guidOf('live') });
    await settleAll(world);
    const rest = [...records(5, 'after'), ...records(1, 'later')];
    expect(idsOf(world.received)).toEqual(idsOf([...records(7, 'before'), ...rest]));
  });

  it('with settings that are not valid waits until they are', async () => {
    const world = createDestinationWorld();
    await world.addDestination({ settings: { unknown: true } });
    await world.publish(records(2));
    await world.drain();
    expect(await world.destination()).toMatchObject({ circuit: { failures: 1 } });
    const stored = await world.destination();
    if (stored !== undefined) await world.deps.destinations.update(stored, { settings: {} });
    await settleAll(world);
    expect(idsOf(world.received)).toEqual(idsOf(records(2)));
  });

  it('gets everything once and in order, or as dead letters, whatever fails and whenever hosts end', async () => {
    const answers = fc.constantFrom<'ok' | 'retry' | 'lost' | 'tooLarge' | 'misconfigured'>(
      ...(['ok', 'ok', 'ok', 'retry', 'lost', 'tooLarge', 'misconfigured'] as const),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(answers, { maxLength: 12 }),
        fc.array(fc.record({ step: fc.nat(40), after: fc.boolean() }), { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 4 }),
        fc.uniqueArray(fc.nat(30), { maxLength: 3 }),
        async (given, crashes, landings, bad) => {
          const world = createDestinationWorld();
          await world.addDestination({ settings: { records: 4 } });
          const left = [...given];
          const poison = new Set(bad.map((at) => guidOf(`0-${at}`)));
          world.answerWith((batch) => {
            const kind = left.shift() ?? 'ok';
            if (kind === 'retry') return retry;
            if (kind === 'lost')
              return { ...retry, keeps: idsIn(batch).some((id) => poison.has(id)) ? 0 : 99 };
            if (kind === 'misconfigured') return { result: misconfigured };
            if (kind === 'tooLarge' && batch.records.length > 1) return { result: { outcome: 'tooLarge' } };
            return idsIn(batch).some((id) => poison.has(id)) ? refused : accepted;
          });
          const ends = [...crashes];
          const hostOf = () => {
            const end = ends.shift();
            if (end === undefined) return {};
            const faults = createFaults((_step, at) =>
              at === end.step ? (end.after ? 'crashAfter' : 'crashBefore') : undefined,
            );
            const { cursors, deadLetters, destinations, queues, landings: sequence } = world.deps;
            return {
              cursors: faults.inject('cursors', cursors),
              deadLetters: faults.inject('deadLetters', deadLetters),
              destinations: faults.inject('destinations', destinations),
              queues: faults.inject('queues', queues),
              landings: faults.inject('landings', sequence),
            };
          };
          const expected: string[] = [];
          for (const [at, count] of landings.entries()) {
            const landed = records(count, `${at}-`);
            expected.push(...idsOf(landed));
            await world.publish(landed);
            await world.drain(hostOf);
          }
          // A last record shows that it is not everything that is refused.
          expected.push(...idsOf(records(1, 'last')));
          await world.publish(records(1, 'last'));
          await settleAll(world, hostOf);
          const letters = new Set((await world.letters()).map(({ recordId }) => recordId));
          const firsts = [...new Set(idsOf(world.received))];
          expect(firsts).toEqual(expected.filter((id) => !letters.has(id)));
          expect([...letters].filter((id) => !poison.has(id))).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});
