/** Long-running operations: everything they have in common, whatever work they do. */
import * as z from 'zod';

export const operationStatuses = ['NotStarted', 'Running', 'Succeeded', 'Failed', 'Canceled'] as const;
export type OperationStatus = (typeof operationStatuses)[number];

/** Kinds of operations, as paths, messages and keys name them. */
export const operationKinds = [
  'exports',
  'enablements',
  'removals',
  'imports',
  'backfills',
  'verifications',
  'onboardings',
  'rollouts',
  'bundles',
  'reports',
  'reportSets',
] as const;
export type OperationKindName = (typeof operationKinds)[number];

export const operationKindSchema = z.enum(operationKinds);

/** In place of a tenant's id: work for the whole partner has none. No tenant of Microsoft has this one. */
export const wholePartner = '00000000-0000-0000-0000-000000000000';

/** Work that takes longer than a request, in one tenant, in several, or for the whole partner. */
export interface Operation<R, S> {
  /** For several tenants the ID of their owner (`ownerOf`); for kinds that belong to no tenant {@link wholePartner}. */
  readonly tenantId: string;
  /** @see newTimedId */
  readonly id: string;
  readonly request: R;
  /** Progress and findings of its kind. */
  readonly state: S;
  readonly status: OperationStatus;
  /** Who requested it: id of a client key, `entra:{tenant id}/{object id}`, `webhook`, or `auditkeep` itself. */
  readonly createdBy: string;
  readonly createdDateTime: Date;
  /** When progress was last saved. */
  readonly lastActionDateTime: Date;
  readonly completedDateTime?: Date | undefined;
  /** When it is deleted, with everything it left behind. Absent: never. */
  readonly expiresDateTime?: Date | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

export type FinalStatus = Exclude<OperationStatus, 'NotStarted' | 'Running'>;

export function isFinished({ status }: { readonly status: OperationStatus }): boolean {
  return status !== 'NotStarted' && status !== 'Running';
}

/** How an operation ends. */
export interface Ending {
  readonly status: FinalStatus;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

/** How operations of a kind are identified, stored and ended. */
export interface OperationTraits {
  readonly name: OperationKindName;
  /** Begins its error codes: `Export` for `ExportNotFound`. */
  readonly noun: string;
  /** A tenant, or the whole partner, can have one unfinished operation of this kind at a time. */
  readonly isExclusive?: boolean;
  /** It is kept as evidence when all data of its tenant is deleted, and its id alone identifies it. */
  readonly isEvidence?: boolean;
  /** It belongs to the whole partner, and only callers of all tenants may see it. Its id alone identifies it. */
  readonly isOfPartner?: boolean;
  /** Milliseconds after the last action until it expires. Absent: never. */
  readonly keepMs?: number;
  /**
   * Cancellation is a request that its run carries out, because it has effects outside of its row that must stop
   * first. Otherwise cancellation ends it at once, and its run is superseded.
   */
  readonly isCanceledByRun?: boolean;
}

/** A kind of operation, apart from its work. */
export interface OperationKind<R, S> extends OperationTraits {
  /** Codecs: their encoded form is stored as JSON. A value that does not fit is an error when it is saved. */
  readonly request: z.ZodType<R>;
  readonly state: z.ZodType<S>;
  /** In place of `keepMs`, where that depends on what was requested. */
  readonly keepMsOf?: (request: R) => number;
  /** The state of one that is ended by anything but its own work. Absent: as it is. */
  readonly close?: (state: S, ending: Ending) => S;
}

/** Whether operations of a kind have the ID of a tenant. Others have that of an owner (`ownerOf`), or {@link wholePartner}. */
const isOfTenant: Readonly<Record<OperationKindName, boolean>> = {
  exports: true,
  enablements: true,
  removals: true,
  imports: true,
  backfills: true,
  verifications: true,
  onboardings: false,
  rollouts: false,
  bundles: false,
  reports: true,
  reportSets: false,
};

/** The tenant that a message or an event names, unless its kind says that the ID is not that of a tenant. */
export function tenantIn({ kind, tenantId }: Named): string | undefined {
  const isOther = tenantId === wholePartner || (kind !== undefined && !isOfTenant[kind]);
  return isOther ? undefined : tenantId;
}

interface Named {
  /** Absent in messages that are not about an operation. */
  readonly kind?: OperationKindName | undefined;
  readonly tenantId?: string | undefined;
}

/** A kind in a sentence: `report set`. */
export function nounText({ noun }: Pick<OperationTraits, 'noun'>): string {
  return noun.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

/** Whether operations are found without a tenant, and stay when all data of one is deleted. */
export function isKeyedById(traits: Pick<OperationTraits, 'isEvidence' | 'isOfPartner'>): boolean {
  return traits.isEvidence === true || traits.isOfPartner === true;
}

/** When an operation expires whose last action is now. */
export function expiryAfter<R>(
  { keepMs, keepMsOf }: Pick<OperationKind<R, unknown>, 'keepMs' | 'keepMsOf'>,
  request: R,
  now: Date,
): Date | undefined {
  const kept = keepMsOf?.(request) ?? keepMs;
  return kept === undefined ? undefined : new Date(now.getTime() + kept);
}

/** Keys can be made of it that sort by time. */
export { newTimedId as newOperationId, timeOfId as timeOfOperationId } from '../timed-id.ts';

/** Identifies an operation within its kind. */
export interface OperationKey {
  /** Not needed for kinds whose operations are identified by id alone. */
  readonly tenantId?: string | undefined;
  readonly id: string;
}

/** The queue message that runs an operation. */
export const operationMessageSchema = z.object({
  version: z.literal(1),
  kind: operationKindSchema,
  tenantId: z.guid(),
  id: z.guid(),
  /** Number of the last run that had handed over when it was sent. @default 0 */
  after: z.int().optional(),
});
export type OperationMessage = z.infer<typeof operationMessageSchema>;

export const operationQueue = 'operations';

export interface OperationQueue {
  /** Durable when it resolves. @param delayMs at most 7 days */
  requestOperationRun(message: OperationMessage, delayMs: number): Promise<void>;
}

/** @param one as it was created, or as it is stored now */
export function messageFor(
  { name: kind }: OperationTraits,
  { tenantId, id, handedOverBy = 0 }: Announced,
): OperationMessage {
  return { version: 1, kind, tenantId, id, ...(handedOverBy > 0 ? { after: handedOverBy } : {}) };
}

interface Announced extends Pick<Operation<unknown, unknown>, 'tenantId' | 'id'> {
  readonly handedOverBy?: number;
}
