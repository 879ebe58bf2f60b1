import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Enablement } from '../../../shared/enablement/enablement.ts';
import { newOperationId } from '../../../shared/operations/operation.ts';
import { minuteMs } from '../../support/clock.ts';
import { createEnablementWorld, requestOf, type EnablementWorld } from '../../support/enablement-world.ts';
import { createFaults, crashAt, type Fault, type Faults } from '../../support/faults.ts';
import { mailboxNamed, trappedMailbox } from '../../support/modeled-mailbox.ts';

const request = { removeBypasses: true, owner: ['MailboxLogin'] };

/** A tenant in which every step has something to do, and some have to wait. */
function createWrongWorld(): EnablementWorld {
  const world = createEnablementWorld();
  const { exchange } = world;
  Object.assign(exchange.organization, { isDehydrated: true, auditDisabled: true, unifiedAuditLog: false });
  Object.assign(exchange.delays, { customizationMs: minuteMs, unifiedAuditLogMs: minuteMs });
  for (let at = 0; at < 50; at++)
    exchange.put(mailboxNamed(`off${at}`, { auditEnabled: false }), trappedMailbox(`trap${at}`));
  for (const name of ['Robot', 'Scanner']) exchange.bypassed.set(`id-${name}`, { id: `id-${name}`, name });
  return world;
}

/** What remains of it all, but for times and the number of attempts. */
async function endState(world: EnablementWorld, { id, tenantId }: Enablement): Promise<unknown> {
  const { status, state } = await world.read(id);
  const { organization, bypassed } = world.exchange;
  const [posture] = await world.postures.list(tenantId, 1);
  const tenant = await world.tenants.get(tenantId);
  return {
    ...{ status, organization, bypassed: [...bypassed.keys()], subscriptions: tenant?.subscriptions },
    steps: state.steps.map((step) => ({
      ...step,
      attempts: 0,
      after: { ...step.after, takenAt: undefined },
    })),
    posture: { ...posture, takenAt: undefined },
    mailboxes: ['off', 'trap'].flatMap((name) =>
      Array.from({ length: 50 }, (_, at) => world.exchange.mailbox(`${name}${at}`)),
    ),
    mayStartAgain: (await world.enablements.create(another(tenantId), later)) === undefined,
  };
}

const later = new Date('2026-04-01T00:00:00.000Z');

const another = (tenantId: string): Enablement => ({
  ...{ tenantId, id: newOperationId(later), request: requestOf({ dryRun: true }), createdBy: 'key-1' },
  ...{ status: 'NotStarted', state: { steps: [] }, createdDateTime: later, lastActionDateTime: later },
});

async function runWith(faultsOfRuns: readonly Faults[]) {
  const world = createWrongWorld();
  const enablement = await world.start(request);
  await world.drain(faultsOfRuns);
  return { world, state: await endState(world, enablement) };
}

/** Steps that the messages of an undisturbed run take, all in one process. */
async function undisturbed() {
  const faults = createFaults();
  const { state } = await runWith(Array.from({ length: 50 }, () => faults));
  return { state, steps: faults.steps };
}

/** Writes to the mailbox that was written most. */
function mostWrites({ exchange }: EnablementWorld, name: string): number {
  const counts = new Map<string, number>();
  for (const write of exchange.writes) counts.set(write, (counts.get(write) ?? 0) + 1);
  return Math.max(...[...counts].filter(([write]) => write.includes(`id-${name}`)).map(([, count]) => count));
}

describe('a crash', () => {
  it.each(['crashBefore', 'crashAfter'] as const)(
    'anywhere (%s each call of storage, a queue or Exchange) changes nothing of how it ends',
    async (fault) => {
      const { state, steps } = await undisturbed();
      expect(steps.length).toBeGreaterThan(40);
      for (let index = 0; index < steps.length; index++) {
        const faults = endingOnceAt(index, fault);
        const { world, state: after } = await runWith(Array.from({ length: 60 }, () => faults()));
        expect(after, `${fault} ${index} ${steps[index] ?? ''}`).toEqual(state);
        expect(mostWrites(world, 'off')).toBeLessThanOrEqual(2);
        expect(mostWrites(world, 'trap')).toBeLessThanOrEqual(4);
      }
    },
  );

  it('after crash does not change the result', async () => {
    const { state } = await undisturbed();
    const faults = fc
      .tuple(fc.nat({ max: 25 }), fc.constantFrom('crashBefore' as const, 'crashAfter' as const))
      .map(
        ([at, fault]) =>
          () =>
            crashAt(at, fault),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(faults, { minLength: 1, maxLength: 8 }), async (faultsOfRuns) => {
        const { state: after } = await runWith(faultsOfRuns.map((create) => create()));
        expect(after).toEqual(state);
      }),
      { numRuns: 60 },
    );
  });
});

/** Lives that count their steps together, of which the one that gets so far ends. */
function endingOnceAt(index: number, fault: Fault): () => Faults {
  let taken = 0;
  return () => createFaults(() => (taken++ === index ? fault : undefined));
}
