/** Destinations, cursors and dead letters in memory. */
import type { CursorStore, StoredCursor } from '../../../shared/destinations/cursor.ts';
import type { DeadLetter, DeadLetterStore } from '../../../shared/destinations/dead-letter.ts';
import type { DestinationStore, StoredDestination } from '../../../shared/destinations/destination.ts';
import type { DestinationMessage, DestinationQueue } from '../../../shared/destinations/messages.ts';

function createVersions() {
  let version = 0;
  return () => `v${++version}`;
}

export function createFakeDestinationStore(): DestinationStore {
  const [rows, nextTag] = [new Map<string, StoredDestination>(), createVersions()];
  return {
    get: async (id) => await Promise.resolve(rows.get(id)),
    list: async () =>
      await Promise.resolve([...rows.values()].sort((a, b) => (a.destinationId < b.destinationId ? -1 : 1))),
    create: async (destination) => {
      if (rows.has(destination.destinationId)) throw new Error('There is a destination with this ID.');
      rows.set(destination.destinationId, { ...destination, etag: nextTag() });
      await Promise.resolve();
    },
    update: async (before, changes) => {
      if (rows.get(before.destinationId)?.etag !== before.etag) return undefined;
      const changed = { ...before, ...changes, etag: nextTag() };
      rows.set(before.destinationId, changed);
      return await Promise.resolve(changed);
    },
    remove: async (id) => {
      rows.delete(id);
      await Promise.resolve();
    },
  };
}

export function createFakeCursorStore(): CursorStore {
  const [rows, nextTag] = [new Map<string, StoredCursor>(), createVersions()];
  const keyOf = (tenantId: string, destinationId: string) => `${tenantId} ${destinationId}`;
  return {
    get: async (tenantId, destinationId) => await Promise.resolve(rows.get(keyOf(tenantId, destinationId))),
    create: async (cursor) => {
      const key = keyOf(cursor.tenantId, cursor.destinationId);
      if (rows.has(key)) return undefined;
      const created = { ...cursor, etag: nextTag() };
      rows.set(key, created);
      return await Promise.resolve(created);
    },
    update: async (before, changes) => {
      const key = keyOf(before.tenantId, before.destinationId);
      if (rows.get(key)?.etag !== before.etag) return undefined;
      const changed = { ...before, ...changes, etag: nextTag() };
      rows.set(key, changed);
      return await Promise.resolve(changed);
    },
    async *listOf(destinationId) {
      yield await Promise.resolve([...rows.values()].filter((row) => row.destinationId === destinationId));
    },
    remove: async (tenantId, destinationId) => {
      rows.delete(keyOf(tenantId, destinationId));
      await Promise.resolve();
    },
  };
}

export function createFakeDeadLetterStore(): DeadLetterStore {
  const rows = new Map<string, DeadLetter>();
  const keyOf = ({
    tenantId,
    destinationId,
    sequence,
    line,
  }: Omit<DeadLetter, 'recordId' | 'cause' | 'refusedDateTime'>) =>
    [tenantId, destinationId, String(sequence).padStart(15, '0'), String(line).padStart(15, '0')].join(' ');
  return {
    put: async (letters) => {
      for (const letter of letters) rows.set(keyOf(letter), letter);
      await Promise.resolve();
    },
    list: async (destinationId, limit, after) =>
      await Promise.resolve(
        [...rows]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .filter(([key]) => after === undefined || key > keyOf({ ...after, destinationId }))
          .map(([, letter]) => letter)
          .filter((letter) => letter.destinationId === destinationId)
          .slice(0, limit),
      ),
    remove: async (letters) => {
      for (const letter of letters) rows.delete(keyOf(letter));
      await Promise.resolve();
    },
  };
}

export interface FakeDestinationQueue extends DestinationQueue {
  /** Messages not taken yet, soonest first. */
  readonly waiting: readonly { readonly message: DestinationMessage; readonly at: Date }[];
  /** Takes the next message that is visible now. */
  take(): DestinationMessage | undefined;
}

export function createFakeDestinationQueue(now: () => Date): FakeDestinationQueue {
  const waiting: { message: DestinationMessage; at: Date }[] = [];
  return {
    waiting,
    requestSending: async (message, delayMs = 0) => {
      waiting.push({ message, at: new Date(now().getTime() + delayMs) });
      waiting.sort((a, b) => a.at.getTime() - b.at.getTime());
      await Promise.resolve();
    },
    take: () => {
      const next = waiting[0];
      return next !== undefined && next.at <= now() ? waiting.shift()?.message : undefined;
    },
  };
}
