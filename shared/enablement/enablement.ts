/** An enablement: turns auditing on in a tenant, step by step, and waits until Microsoft has done so. */
import * as z from 'zod';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { OperationStore } from '../operations/operation-store.ts';

export const workloads = ['organization', 'mailboxes', 'feed'] as const;

const actionName = z.string().regex(/^[A-Za-z]{2,64}$/, 'must be a mailbox action: 2 to 64 letters');
const actionList = z.array(actionName).max(40);

const allMailboxes = z.codec(z.literal('all'), z.object({ all: z.literal(true) }), {
  decode: () => ({ all: true as const }),
  encode: () => 'all' as const,
});
const mailboxNames = z.array(z.string().min(1).max(320)).min(1).max(1000);
const namedMailboxes = z.codec(mailboxNames, z.object({ named: z.array(z.string()) }), {
  decode: (named) => ({ named }),
  encode: ({ named }) => named,
});
const filteredMailboxes = z.strictObject({ filter: z.string().min(1).max(2000) });

/** The short forms come first: they are the ones that are stored. */
const mailboxSelection = z.union(
  [
    allMailboxes,
    namedMailboxes,
    filteredMailboxes,
    z.strictObject({ all: z.literal(true) }),
    z.strictObject({ named: mailboxNames }),
  ],
  'must be {all: true}, {named} with a list of names or addresses, or {filter}',
);

/** Generators of clients cannot tell a text from a list from an object: the object says everything. */
const mailboxSelectionWire = {
  type: 'object',
  properties: {
    all: { type: 'boolean', description: 'True: all mailboxes.' },
    named: { type: 'array', items: { type: 'string' }, description: 'Names or addresses.' },
    filter: { type: 'string', description: 'A filter of Get-EXOMailbox.' },
  },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
};

/**
 * A request as it is stored. Lists of actions are as lenient as they ever were: enablements of earlier versions stay
 * readable.
 * @see enablementBodySchema for what callers may send
 */
export const enablementRequestSchema = z.strictObject({
  dryRun: z
    .boolean()
    .default(false)
    .meta({ title: 'Dry Run', description: 'Says what it would do, and writes nothing.' }),
  workloads: z
    .array(z.enum(workloads).meta({ id: 'Workload' }))
    .min(1)
    .default([...workloads])
    .meta({ title: 'Workloads', description: 'What to make right; everything unless asked otherwise.' }),
  mailboxes: mailboxSelection.default({ all: true }).meta({
    description: 'Which mailboxes: all of them, those that are named, or those that pass a filter.',
    wire: mailboxSelectionWire,
  }),
  auditLogAgeDays: z.number().int().min(1).max(3650).default(365).meta({
    title: 'Audit Log Age',
    description: 'Minimum number of days for which a mailbox keeps its own audit log.',
  }),
  lower: z.boolean().default(false).meta({
    title: 'Lower Limits',
    description: 'Also shortens longer audit logs of mailboxes; Exchange then deletes their older entries.',
  }),
  /**
   * Actions of others to audit in addition. Lists that Microsoft manages are left to it unless actions are named; lists
   * that it no longer manages get what they lack of its default set, and by default the recommended actions.
   */
  nonOwner: z.strictObject({ admin: actionList.optional(), delegate: actionList.optional() }).optional(),
  /** Actions of owners to audit in addition. */
  owner: actionList.optional(),
  removeBypasses: z.boolean().default(false).meta({
    title: 'Remove Bypasses',
    description: 'Clears associations that exempt users from auditing.',
  }),
});
export type EnablementRequest = z.infer<typeof enablementRequestSchema>;

/** Steps that change something. */
export const changingStepNames = [
  'customization',
  'unifiedAuditLog',
  'organizationAuditing',
  'mailboxes',
  'bypasses',
  'subscriptions',
] as const;
export const stepNames = [...changingStepNames, 'verification'] as const;
export type StepName = (typeof stepNames)[number];

export const stepSchema = z.strictObject({
  name: z.enum(stepNames),
  /** `AlreadyDone`: nothing had to be changed; `Skipped`: not requested. */
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
  nextAttemptDateTime: z.string().optional().meta({ format: 'date-time' }),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
});
export type EnablementStep = z.infer<typeof stepSchema>;

export interface EnablementState {
  readonly steps: readonly EnablementStep[];
}

export const enablementKind: OperationKind<EnablementRequest, EnablementState> = {
  name: 'enablements',
  noun: 'Enablement',
  request: enablementRequestSchema,
  state: z.strictObject({ steps: z.array(stepSchema) }),
  isExclusive: true,
  close: ({ steps }, { status, errorCode, errorMessage }) => {
    const reason = errorCode === undefined ? {} : { errorCode, errorMessage };
    return { steps: steps.map((step) => (isOpen(step) ? { ...step, ...reason, status } : step)) };
  },
};

export type Enablement = Operation<EnablementRequest, EnablementState>;
export type EnablementStore = OperationStore<EnablementRequest, EnablementState>;

/** Not done yet. */
export function isOpen({ status }: EnablementStep): boolean {
  return status === 'NotStarted' || status === 'Running' || status === 'Waiting';
}

/** The steps of a new enablement: those not requested are skipped. */
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
