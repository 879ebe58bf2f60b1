/** Path parameters of all routes, each described once. */
import * as z from 'zod';
import { maxParts } from '../imports/upload.ts';
import { dynamicValues } from './dynamic-values.ts';

/** An ID that Auditkeep assigned; one that cannot exist is not found like any other. */
function id(title: string, description: string) {
  return z.guid().meta({ title, description });
}

/** Makers of flows choose a tenant by its display name. */
export const tenantId = z.string().meta({
  title: 'Tenant',
  description: 'ID of the tenant, or one of its domains.',
  ...dynamicValues('ListTenants', 'tenantId', 'displayName'),
});

export const pathParameters = {
  tenantId,
  // Microsoft assigned it, or Auditkeep made it from the text of a record without one.
  recordId: z.string().meta({ title: 'Record ID', description: 'ID of the record.' }),
  recordType: z.string().meta({ title: 'Record Type', description: 'Name or number of the record type.' }),
  exportId: id('Export ID', 'ID of the export.'),
  enablementId: id('Enablement ID', 'ID of the enablement.'),
  rolloutId: id('Rollout ID', 'ID of the rollout.'),
  bundleId: id('Bundle ID', 'ID of the bundle.'),
  reportSetId: id('Report Set ID', 'ID of the report on several tenants.'),
  scheduleId: id('Schedule ID', 'ID of the report schedule.'),
  reportId: id('Report ID', 'ID of the report.'),
  importId: id('Import ID', 'ID of the import.'),
  backfillId: id('Backfill ID', 'ID of the backfill.'),
  verificationId: id('Verification ID', 'ID of the verification.'),
  uploadId: z.guid().meta({ title: 'Upload ID', description: 'ID of the upload: a GUID that you choose.' }),
  part: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxParts)
    .meta({ title: 'Part', description: 'Number of the part, from 1.' }),
  onboardingId: id('Onboarding ID', 'ID of the onboarding.'),
  removalId: id('Removal ID', 'ID of the removal.'),
  poisonMessageId: id('Poison Message ID', 'ID of the poison message.'),
  bodyId: id('Rejected Body ID', 'ID of the rejected body.'),
  name: z.string().meta({
    title: 'Search',
    description: 'Name of the saved search: letters, digits, dots, underscores and hyphens.',
    ...dynamicValues('ListSearches', 'name', 'name', ['tenantId']),
  }),
  subscriptionId: id('Subscription ID', 'ID of the subscription.'),
  channelId: id('Channel ID', 'ID of the channel.'),
  watchId: id('Watch ID', 'ID of the watch.'),
  suppressionId: id('Suppression ID', 'ID of the suppression.'),
  findingId: id('Finding ID', 'ID of the finding.'),
  destinationId: id('Destination ID', 'ID of the destination.'),
  keyId: z.string().meta({ title: 'Key ID', description: 'ID of the client key.' }),
  version: z.string().meta({ title: 'Version', description: 'Hash of the files; the page has it.' }),
} as const;
export type PathParameter = keyof typeof pathParameters;
