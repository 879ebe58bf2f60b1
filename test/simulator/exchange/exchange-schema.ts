/** The Exchange organization of a simulated tenant, as described by tests. */

import * as z from 'zod';
import { defaultActions, logonTypes } from './audit-actions.ts';

export const mailboxKinds = [
  'UserMailbox',
  'SharedMailbox',
  'RoomMailbox',
  'EquipmentMailbox',
  'GroupMailbox',
  'DiscoveryMailbox',
] as const;

const mailboxKindSchema = z.enum(mailboxKinds);

/** RecipientTypeDetails of a mailbox. */
export type MailboxKind = z.output<typeof mailboxKindSchema>;

const share = z.number().min(0).max(1).default(0);
const actions = z.array(z.string()).readonly();

/** The audit settings of a mailbox; tests can change any of them retroactively. */
const auditSchema = z.strictObject({
  /** What Get-Mailbox reports. */
  auditEnabled: z.boolean(),
  /** What the server-side filter sees; if false while auditEnabled is true, only setting false and then true fixes it. */
  foundAsAudited: z.boolean(),
  /** In Exchange's format: `[d.]hh:mm:ss`. */
  auditLogAgeLimit: z.string(),
  auditAdmin: actions,
  auditDelegate: actions,
  auditOwner: actions,
  /** The logon types whose list Microsoft manages. */
  defaultAuditSet: z.array(z.enum(logonTypes)).readonly(),
  /** This account bypasses mailbox auditing. */
  bypassed: z.boolean(),
  /** Set-Mailbox refuses to add these: the user has no license for them. */
  unlicensedActions: actions,
});

const { shape: audit } = auditSchema;

/** A mailbox with unmodified audit settings unless specified. */
export const mailboxSchema = z.strictObject({
  /** @default derived from the address */
  guid: z.guid().optional(),
  primarySmtpAddress: z.string(),
  displayName: z.string(),
  /** Further addresses, without the primary one. */
  aliases: z.array(z.string()).readonly().default([]),
  /** Id of the user in the directory. */
  directoryId: z.string().optional(),
  kind: mailboxKindSchema.default('UserMailbox'),
  auditEnabled: audit.auditEnabled.default(true),
  foundAsAudited: audit.foundAsAudited.optional(),
  auditLogAgeLimit: audit.auditLogAgeLimit.default('90.00:00:00'),
  auditAdmin: audit.auditAdmin.default(defaultActions.Admin),
  auditDelegate: audit.auditDelegate.default(defaultActions.Delegate),
  auditOwner: audit.auditOwner.default(defaultActions.Owner),
  defaultAuditSet: audit.defaultAuditSet.default(logonTypes),
  bypassed: audit.bypassed.default(false),
  unlicensedActions: audit.unlicensedActions.default([]),
});

/** Thousands of mailboxes; the same seed generates the same ones. */
export const generatedMailboxesSchema = z.strictObject({
  /** The number of each kind. */
  counts: z.partialRecord(mailboxKindSchema, z.int().nonnegative()),
  /** Share of mailboxes with AuditEnabled false. */
  unaudited: share,
  /** Share of mailboxes that report that they are audited but are not. */
  trapped: share,
  /** Share of mailboxes with a bypass association. */
  bypassed: share,
  /** Share of mailboxes with a custom list of owner actions. */
  customized: share,
  seed: z.int().default(1),
});

/** Everything that is omitted is healthy. */
export const exchangeSchema = z.strictObject({
  /** UnifiedAuditLogIngestionEnabled. @default the tenant's auditingEnabled */
  unifiedAuditLog: z.boolean().optional(),
  auditDisabled: z.boolean().default(false),
  dehydrated: z.boolean().default(false),
  /**
   * Directory roles of the application's service principal, by template ID; a tenant that starts without consent assigns
   * them with the consent. Empty: after consent, Exchange returns 403 until a test assigns a role. @default Exchange Administrator
   */
  directoryRoles: z.array(z.string()).readonly().default(['29232cdf-9323-42fd-ade2-1d097af3e4de']),
  /** @default 20, of directory users as far as they exist; none if `generate` is given */
  mailboxes: z.array(mailboxSchema).readonly().optional(),
  generate: generatedMailboxesSchema.optional(),
});

/** Properties that are absent or undefined stay unchanged. */
export const organizationChangeSchema = z.strictObject({
  unifiedAuditLog: z.boolean().optional(),
  auditDisabled: z.boolean().optional(),
  dehydrated: z.boolean().optional(),
});

export const addedMailboxesSchema = z.strictObject({
  mailboxes: z.array(mailboxSchema).readonly().default([]),
  generate: generatedMailboxesSchema.optional(),
});

/** Changes the mailboxes that match `where`; an empty `where` matches all. */
export const mailboxesChangeSchema = z.strictObject({
  where: z
    .strictObject({
      /** Names, addresses, or GUIDs. */
      identities: z.array(z.string()).readonly().optional(),
      kinds: z.array(mailboxKindSchema).readonly().optional(),
    })
    .default({}),
  change: auditSchema.partial(),
});

export type SimulatedExchange = z.input<typeof exchangeSchema>;
export type SimulatedMailbox = z.input<typeof mailboxSchema>;
export type MailboxesChange = z.output<typeof mailboxesChangeSchema>;
export type OrganizationChange = z.output<typeof organizationChangeSchema>;
export type AddedMailboxes = z.input<typeof addedMailboxesSchema>;
export type GeneratedMailboxes = z.output<typeof generatedMailboxesSchema>;
