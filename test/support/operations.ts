/** Invented kinds of operations, for tests of what all kinds have in common. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  newOperationId,
  type Operation,
  type OperationKind,
  type OperationKindName,
  type OperationMessage,
  type OperationQueue,
} from '../../shared/operations/operation.ts';
import type { OperationStore, StoredOperation } from '../../shared/operations/operation-store.ts';

export const operationStart = new Date('2026-03-10T12:00:00.000Z');
export const keepMs = 60_000;

export interface InventedRequest {
  readonly note: string;
}
export interface InventedState {
  readonly done: number;
  readonly seen?: Date | undefined;
  readonly names?: readonly string[] | undefined;
  readonly closedAs?: string | undefined;
}
export type InventedKind = OperationKind<InventedRequest, InventedState>;
export type Invented = Operation<InventedRequest, InventedState>;
export type StoredInvented = StoredOperation<InventedRequest, InventedState>;
export type InventedStore = OperationStore<InventedRequest, InventedState>;

const isoDate = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
const codecs = {
  request: z.strictObject({ note: z.string() }),
  state: z.strictObject({
    done: z.number(),
    seen: isoDate.optional(),
    names: z.array(z.string()).readonly().optional(),
    closedAs: z.string().optional(),
  }),
};
const close: InventedKind['close'] = (state, { status }) => ({ ...state, closedAs: status });

/** Any number at once; they expire. */
export const manyKind: InventedKind = { name: 'exports', noun: 'Many', ...codecs, keepMs, close };
/** One at a time. */
export const oneKind: InventedKind = { name: 'enablements', noun: 'One', ...codecs, isExclusive: true };
/** Outlives its tenant, and its run cancels it. */
export const lastingKind: InventedKind = {
  name: 'removals',
  noun: 'Lasting',
  ...codecs,
  isEvidence: true,
  isCanceledByRun: true,
};

/** Of no tenant, one at a time. */
export const partnerKind: InventedKind = {
  name: 'onboardings',
  noun: 'Common',
  ...codecs,
  isOfPartner: true,
  isExclusive: true,
};

/** What operations of the real kinds have in place of a tenant's ID, if they have none. */
export const whoseOf: Readonly<Record<OperationKindName, 'tenant' | 'owner' | 'partner'>> = {
  exports: 'tenant',
  enablements: 'tenant',
  removals: 'tenant',
  imports: 'tenant',
  backfills: 'tenant',
  verifications: 'tenant',
  onboardings: 'partner',
  rollouts: 'owner',
  bundles: 'owner',
  reports: 'tenant',
  reportSets: 'owner',
};

export function inventedOperation(changes: Partial<Invented> = {}): Invented {
  const { createdDateTime = operationStart } = changes;
  return {
    tenantId: randomUUID(),
    id: newOperationId(createdDateTime),
    request: { note: 'ünï' },
    state: { done: 0 },
    createdBy: 'key-1',
    status: 'NotStarted',
    createdDateTime,
    lastActionDateTime: createdDateTime,
    ...changes,
  };
}

export interface FakeOperationQueue extends OperationQueue {
  readonly messages: { readonly message: OperationMessage; readonly delayMs: number }[];
}

export function createFakeOperationQueue(): FakeOperationQueue {
  const messages: FakeOperationQueue['messages'] = [];
  return {
    messages,
    requestOperationRun: async (message, delayMs) => {
      messages.push({ message, delayMs });
      await Promise.resolve();
    },
  };
}
