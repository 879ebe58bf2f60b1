/** A finding reaches a mail, a card, and a ticket once, whenever hosts end on the way from its landing. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minuteMs } from '../../support/clock.ts';
import { crashAt, createFaults, type Faults } from '../../support/faults.ts';
import { sized } from '../../support/sizes.ts';
import { createFindingWorld, type FindingWorld, type Host } from './finding-world.ts';
import { startReceivers, type Receivers } from './receivers.ts';
import { untilQuiet } from './until-quiet.ts';

let receivers: Receivers;
beforeAll(async () => {
  receivers = await startReceivers();
});
afterAll(() => receivers.stop());

/** The first hosts have these faults, and the next ones do not end. */
function hosts(faults: readonly Faults[]): () => Faults {
  const left = [...faults];
  return () => left.shift() ?? createFaults();
}

async function landed(): Promise<FindingWorld> {
  const world = await createFindingWorld(receivers);
  await world.land([{ minute: 1 }, { minute: 2, operation: 'FileAccessed' }]);
  return world;
}

/** The receivers have it, and the ticket is open. */
async function notified(): Promise<FindingWorld> {
  const world = await landed();
  await untilQuiet(world);
  return world;
}

const close = (host: Host) => host.closeFindings();

describe('a finding', () => {
  it('reaches a mail, a card, and a ticket once when a host ends between any two steps', async () => {
    const calm = createFaults();
    await untilQuiet(await landed(), { nextFaults: hosts([calm]) });
    const twice: string[] = [];
    for (let step = 0; step < calm.steps.length; step++) {
      // Before the next step is after this one.
      const [world, faults] = [await landed(), crashAt(step, 'crashAfter')];
      await untilQuiet(world, { nextFaults: hosts([faults]) });
      const where = faults.steps[step] ?? '';
      const { mails, cards, tickets } = world.received();
      expect([where, mails, Math.min(cards, 1), tickets.length]).toEqual([where, 1, 1, 1]);
      if (cards === 1) continue;
      twice.push(where);
      expect([where, cards, world.perhapsTwice()]).toEqual([where, 2, 1]);
    }
    // A workflow of Teams does not know what it has; whether it answered is not known until the answer is stored.
    expect(twice).toEqual(['teams.answer']);
    const kinds = [
      'index.writeRows',
      'findings.create',
      'landings.close',
      'deliveries.put',
      'queue.complete',
    ];
    expect(calm.steps).toEqual(expect.arrayContaining([...kinds, 'desk.answer', 'findings.unnotified']));
  });

  it(
    'reaches them however often hosts end, the card again at most once for each of them',
    { timeout: sized(1, 10) * minuteMs },
    async () => {
      const lives = fc.array(
        fc.record({ steps: fc.nat(45), end: fc.constantFrom('crashBefore', 'crashAfter') }),
        { maxLength: 8 },
      );
      await fc.assert(
        fc.asyncProperty(lives, async (all) => {
          const world = await landed();
          await untilQuiet(world, { nextFaults: hosts(all.map(({ steps, end }) => crashAt(steps, end))) });
          const { mails, cards, tickets } = world.received();
          expect([mails, tickets.length]).toEqual([1, 1]);
          expect(cards).toBeGreaterThanOrEqual(1);
          expect(cards).toBeLessThanOrEqual(1 + world.perhapsTwice());
        }),
        // A host ends at each step above; here several end one after the other, at steps that differ in each run.
        { numRuns: sized(15, 500) },
      );
    },
  );

  it('reaches them once although any message after its landing is lost', async () => {
    for (let lost = 1; lost <= 4; lost++) {
      const world = await landed();
      await untilQuiet(losing(world, lost));
      const { mails, cards, tickets } = world.received();
      expect([lost, mails, cards, tickets.length]).toEqual([lost, 1, 1, 1]);
    }
  });
});

/** @param lost which message of the queue, from 0 */
function losing(world: FindingWorld, lost: number): FindingWorld {
  const { queue } = world;
  let taken = 0;
  const take = () => {
    const work = queue.take();
    return work !== undefined && taken++ === lost ? queue.take() : work;
  };
  return { ...world, queue: { ...queue, take } };
}

describe('a finding that was notified of', () => {
  it.each([
    ['a note of its ticket when it grows', { notes: 1, isClosed: false }],
    ['the end of its ticket when it is closed', { notes: 1, isClosed: true }],
  ])('is %s, once, when a host ends between any two steps', async (_, { notes, isClosed }) => {
    const change = async (faults: Faults): Promise<FindingWorld> => {
      const world = await notified();
      if (!isClosed) await world.land([{ minute: 3 }]);
      await untilQuiet(world, { nextFaults: hosts([faults]), ...(isClosed && { begin: close }) });
      // Who gets no answer asks again if it was not done.
      const [finding] = await world.findings.list(undefined, {}, 1);
      if (isClosed && finding?.state !== 'closed') await untilQuiet(world, { begin: close });
      return world;
    };
    const calm = createFaults();
    await change(calm);
    for (let step = 0; step < calm.steps.length; step++) {
      const faults = crashAt(step, 'crashAfter');
      const { mails, cards, tickets } = (await change(faults)).received();
      const where = faults.steps[step];
      const seen = tickets.map((ticket) => ({ notes: ticket.notes.length, isClosed: ticket.isClosed }));
      expect([where, mails, cards, seen]).toEqual([where, 1, 1, [{ notes, isClosed }]]);
    }
  });
});
