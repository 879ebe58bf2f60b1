/** The settings of the simulator that tests can change while it runs. */

import * as z from 'zod';

const settingsSchema = z.strictObject({
  /** Delay before every HTTPS reply, in milliseconds. */
  latencyMs: z.number().nonnegative(),
  /** Content blobs on one page of a content listing. */
  pageSize: z.int().positive(),
  /** Objects on one page of a Graph collection. */
  graphPageSize: z.int().positive(),
  /** From the creation of a query of the audit log until it has ended. */
  auditSearchMs: z.number().nonnegative(),
  /** Records that a query of the audit log finds at most. */
  auditSearchLimit: z.int().positive(),
  /** Pages of a query's records answer 500 after so many records; 0: never. */
  auditSearchFailsAfter: z.int().nonnegative(),
  /** Queries of a tenant that are queued or running at most. */
  auditSearchConcurrency: z.int().positive(),
  /** Queries that a tenant takes in a day. */
  auditSearchSubmissions: z.int().positive(),
  /** The first queries of a tenant, so many, end as failed. */
  auditSearchFailures: z.int().nonnegative(),
  /** The first readings of each query, so many, leave out records. */
  auditSearchUnsteadyReads: z.int().nonnegative(),
  /** How many requests do not find a new application or service principal. */
  newObjectMisses: z.int().nonnegative(),
  /** Spelling of the paging header. */
  nextPageHeader: z.enum(['NextPageUri', 'nextpageuri', 'NEXTPAGEURI']),
  /** Every listing starts with an empty page that has a next page. */
  emptyFirstPage: z.boolean(),
  /** Every further page of a listing comes after an empty one. */
  emptyPagesBetween: z.boolean(),
  /** A content blob younger than this serves only part of its records; 0: content blobs never grow. */
  settleMs: z.number().nonnegative(),
  /** After stop and start: how long start reports enabled while list is empty and content returns AF20023. */
  resubscribeLagMs: z.number().nonnegative(),
  /** After so many failures in a row, a webhook is disabled. */
  webhookMaxFailures: z.int().positive(),
  /** Activity API requests per tenant and minute before AF429; 0: no limit. */
  requestsPerMinute: z.int().nonnegative(),
  /** Lifetime of access tokens. */
  tokenLifetimeSeconds: z.int().positive(),
  /** From consent until the application has a service principal in the tenant. */
  consentDelayMs: z.number().nonnegative(),
  /** From granting application roles until they appear in new tokens. */
  appRoleDelayMs: z.number().nonnegative(),
  /** From assigning directory roles to the service principal until Exchange accepts them. */
  directoryRoleDelayMs: z.number().nonnegative(),
  /** From Enable-OrganizationCustomization until the organization is no longer dehydrated. */
  customizationDelayMs: z.number().nonnegative(),
  /** From Set-AdminAuditLogConfig until Get-AdminAuditLogConfig shows it. */
  auditSwitchReadBackMs: z.number().nonnegative(),
  /** From Set-AdminAuditLogConfig until the Activity API knows the tenant, or no longer does. */
  auditSwitchEffectMs: z.number().nonnegative(),
  /** Largest page of an Exchange result. */
  exchangePageSize: z.int().positive(),
  /** Lifetime of the links to the next page; 0: they never work. */
  nextLinkLifetimeMs: z.number().nonnegative(),
  /** Maximum concurrent Exchange requests of a tenant; 0: no limit. */
  exchangeConcurrency: z.int().nonnegative(),
  /** Delay before every Exchange reply, in addition to the other latency. */
  exchangeLatencyMs: z.number().nonnegative(),
  /** Set-AdminAuditLogConfig is only accepted with the anchor mailbox that stores this configuration. */
  strictAnchor: z.boolean(),
});

export type Settings = z.output<typeof settingsSchema>;

/** Some of the settings; properties that are absent or undefined stay unchanged. */
export const settingsChangeSchema = settingsSchema.partial();

export type SettingsChange = z.output<typeof settingsChangeSchema>;

export const defaultSettings: Settings = {
  latencyMs: 0,
  pageSize: 200,
  graphPageSize: 2,
  auditSearchMs: 0,
  auditSearchLimit: 1_000_000,
  auditSearchFailsAfter: 20_000,
  auditSearchConcurrency: 10,
  auditSearchSubmissions: 200,
  auditSearchFailures: 0,
  auditSearchUnsteadyReads: 0,
  newObjectMisses: 0,
  nextPageHeader: 'NextPageUri',
  emptyFirstPage: false,
  emptyPagesBetween: false,
  settleMs: 0,
  resubscribeLagMs: 60_000,
  webhookMaxFailures: 3,
  requestsPerMinute: 0,
  tokenLifetimeSeconds: 3599,
  consentDelayMs: 0,
  appRoleDelayMs: 0,
  directoryRoleDelayMs: 0,
  customizationDelayMs: 0,
  auditSwitchReadBackMs: 0,
  auditSwitchEffectMs: 0,
  exchangePageSize: 1000,
  nextLinkLifetimeMs: 30 * 60 * 1000,
  exchangeConcurrency: 0,
  exchangeLatencyMs: 0,
  strictAnchor: false,
};
