/** An enablement: one long-running piece of work that makes auditing right in a tenant. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';

export const workloads = ['organization', 'mailboxes', 'feed'] as const;

const actionName = z.string().regex(/^[A-Za-z]{2,64}$/, 'is no mailbox action');
const actionList = z.array(actionName).max(40);

const mailboxSelection = z.union(
  [
    z.literal('all').transform(() => ({ all: true as const })),
    z
      .array(z.string().min(1).max(320))
      .min(1)
      .max(1000)
      .transform((named) => ({ named })),
    z.strictObject({ filter: z.string().min(1).max(2000) }),
  ],
  'is neither "all", nor a list of names or addresses, nor {filter}',
);

/** Body of `POST /tenants/{tenantId}/enablements`. */
export const enablementRequestSchema = z.strictObject({
  /** Says what it would do, and writes nothing. */
  dryRun: z
    .boolean()
    .default(false)
    .meta({ title: 'Dry Run', description: 'Says what it would do, and writes nothing.' }),
  workloads: z
    .array(z.enum(workloads))
    .min(1)
    .default([...workloads])
    .meta({ title: 'Workloads', description: 'What to make right; everything unless asked otherwise.' }),
  mailboxes: mailboxSelection.default({ all: true }).meta({
    description: 'Which mailboxes: all of them, those that are named, or those that pass a filter.',
  }),
  /** How long a mailbox keeps its own audit log. */
  auditLogAgeDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(365)
    .meta({ title: 'Audit Log Age', description: 'Days for which a mailbox keeps its own audit log.' }),
  /**
   * Actions of others to audit. Without it Microsoft's own sets are kept, and mailboxes that left them get the
   * recommended actions.
   */
  nonOwner: z.strictObject({ admin: actionList.optional(), delegate: actionList.optional() }).optional(),
  /** Actions of owners to audit besides. */
  owner: actionList.optional(),
  /** Clears associations that exempt somebody from auditing. */
  removeBypasses: z.boolean().default(false).meta({
    title: 'Remove Bypasses',
    description: 'Clears associations that exempt somebody from auditing.',
  }),
});
export type EnablementRequest = z.infer<typeof enablementRequestSchema>;

export const stepNames = [
  'customization',
  'unifiedAuditLog',
  'organizationAuditing',
  'mailboxes',
  'bypasses',
  'subscriptions',
  'verification',
] as const;
export type StepName = (typeof stepNames)[number];

export const stepSchema = z.object({
  name: z.enum(stepNames),
  /** `AlreadyDone`: nothing had to be changed; `Skipped`: not asked for. */
  status: z.enum([
    'NotStarted',
    'Running',
    'Waiting',
    'Succeeded',
    'AlreadyDone',
    'Skipped',
    'Failed',
    'Canceled',
  ]),
  /** What was found and what it is now, as the step sees it. */
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
  /** What a dry run would change, or what a real one changed. */
  changes: z.array(z.string()).optional(),
  attempts: z.number().default(0),
  nextAttemptDateTime: z.string().optional(),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
});
export type EnablementStep = z.infer<typeof stepSchema>;

export const enablementStatuses = [
  'NotStarted',
  'Running',
  'Succeeded',
  'PartiallySucceeded',
  'Failed',
  'Canceled',
] as const;
export type EnablementStatus = (typeof enablementStatuses)[number];

export interface Enablement {
  readonly tenantId: string;
  readonly enablementId: string;
  readonly request: EnablementRequest;
  readonly status: EnablementStatus;
  readonly steps: readonly EnablementStep[];
  readonly createdDateTime: Date;
  readonly lastActionDateTime: Date;
}

export function isFinished({ status }: Pick<Enablement, 'status'>): boolean {
  return status !== 'NotStarted' && status !== 'Running';
}

export interface EnablementStore {
  /** Undefined when it could start or has; else the id of the one that is running: one per tenant at a time. */
  start(enablement: Enablement): Promise<string | undefined>;
  get(tenantId: string, enablementId: string): Promise<Enablement | undefined>;
  /** Newest first, at most so many. */
  list(tenantId: string, top: number): Promise<readonly Enablement[]>;
  /** Begins the newest run, which ends the right of all others at once. Undefined when there is nothing to run. */
  takeOver(message: EnablementMessage): Promise<EnablementRun | undefined>;
  /** Stays until the enablement has finished, whatever is saved; of one that has finished it changes nothing. */
  requestCancel(tenantId: string, enablementId: string): Promise<void>;
}

/** The right to carry an enablement on. Messages come more than once: only the newest run has it. */
export interface EnablementRun {
  /** 1 for an enablement's first run, and one more for each that followed. */
  readonly number: number;
  /** Runs in a row that this message has begun, this one included: the others ended in mid-work. */
  readonly deliveries: number;
  /** As it was when it was taken over. */
  readonly enablement: Enablement;
  /** Whether it was asked for by then. */
  readonly cancelRequested: boolean;
  /**
   * Saves progress; a finished one lets the tenant's next one start, all or nothing.
   * @throws SupersededError and changes nothing when a newer run has begun, or all is finished
   */
  save(enablement: Enablement): Promise<void>;
  /** Looks again. @throws SupersededError as {@link EnablementRun.save} */
  isCancelRequested(): Promise<boolean>;
}

/** A newer run carries the enablement on: nothing is left to do for this one. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';

  constructor() {
    super('A newer run carries this enablement on.');
  }
}

/** The queue message that carries an enablement on. */
export const enablementMessageSchema = z.object({
  version: z.literal(1),
  tenantId: z.guid(),
  enablementId: z.guid(),
  /** Number of the run that sent it, which sends no other. @default 0 */
  after: z.int().optional(),
});
export type EnablementMessage = z.infer<typeof enablementMessageSchema>;

export const enablementQueue = 'enablement-steps';

export interface EnablementQueue {
  /** Durable when it resolves. @param delayMs at most 7 days */
  requestEnablementStep(message: EnablementMessage, delayMs: number): Promise<void>;
}

/** Which steps a request asks for. */
export function stepsOf(request: EnablementRequest): readonly EnablementStep[] {
  const wanted: Readonly<Record<StepName, boolean>> = {
    customization: request.workloads.includes('organization'),
    unifiedAuditLog: request.workloads.includes('organization'),
    organizationAuditing: request.workloads.includes('organization'),
    mailboxes: request.workloads.includes('mailboxes'),
    bypasses: request.workloads.includes('mailboxes'),
    subscriptions: request.workloads.includes('feed'),
    verification: !request.dryRun,
  };
  return stepNames.map((name) => ({ name, status: wanted[name] ? 'NotStarted' : 'Skipped', attempts: 0 }));
}

/** What is recommended where Microsoft's own set is not in force: everything a stranger does in a mailbox. */
export const recommendedNonOwnerActions: readonly string[] = [
  'FolderBind',
  'HardDelete',
  'Move',
  'MoveToDeletedItems',
  'SendAs',
  'SendOnBehalf',
  'SoftDelete',
  'Update',
  'UpdateFolderPermissions',
];

/** @throws RequestError 404 when the tenant has no such enablement */
export async function findEnablement(
  store: EnablementStore,
  tenantId: string,
  enablementId: string,
): Promise<Enablement> {
  const id = z.guid().safeParse(enablementId).data;
  const found = id === undefined ? undefined : await store.get(tenantId, id.toLowerCase());
  if (found === undefined)
    throw new RequestError(404, 'EnablementNotFound', 'This tenant has no such enablement.');
  return found;
}
