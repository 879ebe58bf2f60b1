/** Checkpoints in memory. */
import type { CheckpointStore, EvidenceCheckpoint } from '../../../shared/evidence/checkpoint.ts';

/** @param now its clock; without one, that of this machine */
export function createFakeCheckpointStore(now = () => new Date()): CheckpointStore {
  const taken = new Map<string, EvidenceCheckpoint>();
  const delivered = new Set<string>();
  const within = (dates: Iterable<string>, from: string, to: string) =>
    [...dates].filter((date) => date >= from && date <= to).toSorted();
  return {
    now: async () => await Promise.resolve(now()),
    create: async (checkpoint) => {
      const isNew = await Promise.resolve(!taken.has(checkpoint.date));
      if (isNew) taken.set(checkpoint.date, checkpoint);
      return isNew;
    },
    get: async (date) => await Promise.resolve(taken.get(date)),
    dates: async (from, to) => await Promise.resolve(within(taken.keys(), from, to)),
    deliveredDates: async (from, to) => await Promise.resolve(within(delivered, from, to)),
    markDelivered: async (date) => {
      await Promise.resolve(delivered.add(date));
    },
  };
}
