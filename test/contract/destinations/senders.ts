/** What every sender of a destination promises, against a receiver that a test controls. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ConfiguredKind, DestinationSender, SenderContext } from '../../../shared/destinations/kind.ts';
import type { OutgoingBatch } from '../../../shared/destinations/outgoing.ts';
import { outgoingRecord } from '../../support/destinations/outgoing-records.ts';

/**
 * What the receiver does with the next requests.
 * - `busy`: refuses everything, and wants to be left alone for 7 seconds if its protocol can say so;
 * - `unavailable`: refuses everything for a reason that passes;
 * - `cut`: takes the batch, and closes the connection without an answer;
 * - `full`: takes batches of at most 2 records;
 * - `wrongSecret`, `forbidden`: refuses this sender.
 */
export const behaviors = ['busy', 'unavailable', 'cut', 'full', 'wrongSecret', 'forbidden'] as const;
export type Behavior = (typeof behaviors)[number];

export interface Receiver {
  /** Settings of a destination that leads here. */
  readonly kind: ConfiguredKind;
  readonly context: SenderContext;
  /** Undefined: it takes everything. */
  behave(behavior: Behavior | undefined): void;
  /** IDs of the records that it has, in the order of arrival; one that it has twice is there twice. */
  received(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface ReceiverDeclaration {
  readonly open: () => Promise<Receiver>;
  /** As the kind declares it. */
  readonly keepsDuplicates: boolean;
  /** What the protocol of the receiver can show; tests of other behaviors are skipped. */
  readonly shows: readonly Behavior[];
}

export function describeSender({ open, keepsDuplicates, shows }: ReceiverDeclaration): void {
  let receiver: Receiver;
  let sender: DestinationSender;
  beforeAll(async () => {
    receiver = await open();
    sender = receiver.kind.open(receiver.context);
  }, 60_000);
  afterEach(() => {
    receiver.behave(undefined);
  });
  afterAll(async () => {
    await sender.close();
    await receiver.close();
  });

  const batchOf = (count: number): OutgoingBatch => {
    const records = Array.from({ length: count }, () => receiver.kind.encode(outgoingRecord()));
    return { id: crypto.randomUUID(), records };
  };
  const idsOf = ({ records }: OutgoingBatch) => records.map(({ record }) => record.id);
  const send = (batch: OutgoingBatch) => sender.send(batch, AbortSignal.timeout(60_000));
  const arrived = async (batch: OutgoingBatch) => {
    const ids = new Set(idsOf(batch));
    return (await receiver.received()).filter((id) => ids.has(id));
  };
  const when = (behavior: Behavior) => it.runIf(shows.includes(behavior));

  it('accepts a batch, whose records are then there in order', async () => {
    const batch = batchOf(5);
    expect(await send(batch)).toMatchObject({ outcome: 'accepted' });
    expect(await arrived(batch)).toEqual(idsOf(batch));
  });

  it(`${keepsDuplicates ? 'may have twice' : 'has once'} what is sent twice`, async () => {
    const batch = batchOf(3);
    await send(batch);
    expect(await send(batch)).toMatchObject({ outcome: 'accepted' });
    const ids = await arrived(batch);
    expect(new Set(ids)).toEqual(new Set(idsOf(batch)));
    if (!keepsDuplicates) expect(ids).toHaveLength(3);
  });

  for (const behavior of ['busy', 'unavailable'] as const) {
    when(behavior)(`retries later when the receiver is ${behavior}, and delivers then`, async () => {
      receiver.behave(behavior);
      const batch = batchOf(2);
      expect(await send(batch)).toMatchObject({ outcome: 'retry' });
      receiver.behave(undefined);
      expect(await send(batch)).toMatchObject({ outcome: 'accepted' });
      expect(new Set(await arrived(batch))).toEqual(new Set(idsOf(batch)));
    });
  }

  when('cut')('retries what was perhaps taken, after a connection was cut', async () => {
    receiver.behave('cut');
    const batch = batchOf(2);
    expect(await send(batch)).toMatchObject({ outcome: 'retry' });
    receiver.behave(undefined);
    expect(await send(batch)).toMatchObject({ outcome: 'accepted' });
    const ids = await arrived(batch);
    expect(new Set(ids)).toEqual(new Set(idsOf(batch)));
    if (!keepsDuplicates) expect(ids).toHaveLength(2);
  });

  when('full')('says that a batch is too large', async () => {
    receiver.behave('full');
    expect(await send(batchOf(3))).toEqual({ outcome: 'tooLarge' });
  });

  for (const behavior of ['wrongSecret', 'forbidden'] as const) {
    when(behavior)(
      `says what to do when the receiver refuses with ${behavior}, and sends nothing`,
      async () => {
        receiver.behave(behavior);
        const batch = batchOf(1);
        const result = await send(batch);
        expect(result).toMatchObject({ outcome: 'misconfigured' });
        expect(JSON.stringify(result)).not.toContain(
          await receiver.context.secret('destination-any').catch(() => 'none'),
        );
        receiver.behave(undefined);
        expect(await arrived(batch)).toEqual([]);
      },
    );
  }

  it('passes its test when all is well', async () => {
    const steps = await sender.test(AbortSignal.timeout(60_000));
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.filter(({ succeeded }) => !succeeded)).toEqual([]);
  });
}
