/** Reports on several tenants in answers. */
import * as z from 'zod';
import { memberMembers, progressMembers } from './batches.ts';
import { enablementStatus } from './enablements.ts';
import { errorMembers, historyMembers } from './operation-members.ts';
import { reportRequestMembers } from './reports.ts';
import { moment, nextLink } from './times.ts';

const members = {
  id: z.guid().meta({ title: 'Report Set ID' }),
  status: enablementStatus,
  tenants: z.string().meta({ description: 'The set, as requested.' }),
  ...reportRequestMembers,
  ...progressMembers,
  ...historyMembers,
  expiresDateTime: moment('When it is deleted.').optional(),
  ...errorMembers,
};

export const reportSetSchema = z.strictObject(members).meta({ id: 'ReportSet' });

export const reportSetListSchema = z
  .strictObject({ value: z.array(reportSetSchema), nextLink })
  .meta({ id: 'ReportSetList' });

export const reportSetResultSchema = z
  .strictObject({
    ...members,
    contentUrl: z.string().optional().meta({ description: 'Address of the content.' }),
    tenantsUrl: z.string().optional().meta({ description: 'Address of the list of tenants.' }),
  })
  .meta({ id: 'ReportSetResult' });

const tenant = z
  .strictObject({
    ...memberMembers,
    reportId: z
      .guid()
      .optional()
      .meta({ title: 'Report ID', description: 'The report on this tenant alone.' }),
    recordCount: z.int().optional(),
    ...errorMembers,
  })
  .meta({ id: 'ReportSetTenant' });

export const reportSetTenantsSchema = z
  .strictObject({ value: z.array(tenant), nextLink })
  .meta({ id: 'ReportSetTenantList' });
