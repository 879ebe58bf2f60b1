/** Bundles in answers. */
import * as z from 'zod';
import { bundleLayouts } from '../../exports/bundles/bundle.ts';
import { memberMembers, progressMembers } from './batches.ts';
import { enablementStatus } from './enablements.ts';
import { exportFormat, fileMembers, filters, select } from './exports.ts';
import { errorMembers, historyMembers } from './operation-members.ts';
import { completeThrough, missing, moment, nextLink } from './times.ts';

export const bundleLayout = z.enum(bundleLayouts).meta({ id: 'BundleLayout' });

const recordCount = z.int();
const bytes = z.int();
const sha256 = z.string().meta({ description: 'SHA-256 of the whole file.' });
const ingestedThrough = moment(
  'Records ingested later are not in the file, unless they are from before completeThrough of their tenant.',
);

const members = {
  id: z.guid().meta({ title: 'Bundle ID' }),
  status: enablementStatus,
  tenants: z.string().meta({ description: 'The set, as requested.' }),
  layout: bundleLayout,
  format: exportFormat,
  bom: z.boolean().optional(),
  select,
  filters,
  ...progressMembers,
  recordCount: recordCount.optional(),
  bytes: bytes.optional(),
  sha256: sha256.optional(),
  ...fileMembers,
  ingestedThrough: ingestedThrough.optional(),
  ...historyMembers,
  expiresDateTime: moment('When it is deleted, with its file if it has one.'),
  ...errorMembers,
};

export const bundleSchema = z.strictObject(members).meta({ id: 'Bundle' });

export const bundleListSchema = z
  .strictObject({ value: z.array(bundleSchema), nextLink })
  .meta({ id: 'BundleList' });

export const bundleResultSchema = z
  .strictObject({
    ...members,
    contentUrl: z.string().optional().meta({ description: 'Address of the file, if there is one.' }),
    manifestUrl: z.string().optional().meta({ description: 'Address of its manifest.' }),
    tenantsUrl: z.string().optional().meta({ description: 'Address of the list of tenants.' }),
  })
  .meta({ id: 'BundleResult' });

const tenant = z
  .strictObject({
    ...memberMembers,
    exportId: z
      .guid()
      .optional()
      .meta({ title: 'Export ID', description: 'The export of this tenant, which has a file of its own.' }),
    recordCount: recordCount.optional(),
    bytes: bytes.optional(),
    sha256: sha256.optional(),
    completeThrough,
    ...z.strictObject(missing).partial().shape,
    ...errorMembers,
  })
  .meta({ id: 'BundleTenant' });

export const bundleTenantsSchema = z
  .strictObject({ value: z.array(tenant), nextLink })
  .meta({ id: 'BundleTenantList' });

const manifestTenant = z
  .strictObject({
    tenantId: z.guid(),
    tenantDisplayName: z.string(),
    recordCount,
    completeness: z.strictObject({ completeThrough, ...missing }),
  })
  .meta({ id: 'BundleManifestTenant' });

export const bundleManifestSchema = z
  .strictObject({
    manifestVersion: z.int(),
    bundleId: z.guid().meta({ description: 'The bundle that the manifest describes.' }),
    file: z.strictObject({ name: z.string(), mediaType: z.string(), bytes, sha256: z.string() }),
    format: exportFormat,
    alterations: z
      .array(z.string())
      .meta({ description: 'How the file differs from the records as delivered.' }),
    recordCount,
    select,
    filters,
    timeRange: z.strictObject({ from: moment('Inclusive.').optional(), to: moment('Exclusive.').optional() }),
    ...fileMembers,
    ingestedThrough,
    tenants: z.array(manifestTenant).meta({ description: 'The tenants in the file, in its order.' }),
    leftOut: z.array(z.guid()).meta({
      description:
        'Tenants that were removed before the file was finished, or that its creator had lost access to before their turn; it has none of their records.',
    }),
    createdBy: z.string(),
    createdDateTime: moment('When it was requested.'),
    completedDateTime: moment('When it was finished.').optional(),
    expiresDateTime: moment('When the file is deleted.'),
  })
  .meta({ id: 'BundleManifest' });
