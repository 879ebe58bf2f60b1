/** Operations on several tenants in answers. */
import * as z from 'zod';
import { publicMemberStatuses } from '../../batches/public-batch.ts';

/** Members of the views of all of them. */
export const progressMembers = {
  percentComplete: z.int(),
  tenantCount: z.int().meta({ description: 'Number of tenants that the set had when it was requested.' }),
  notStartedCount: z.int().meta({ description: 'Tenants in which nothing was started yet.' }),
  runningCount: z.int().meta({ description: 'Tenants in which it is running.' }),
  waitingCount: z
    .int()
    .meta({ description: 'Tenants in which it waits for Microsoft, or for another one to end.' }),
  succeededCount: z.int().meta({ description: 'Tenants in which it succeeded.' }),
  partiallySucceededCount: z.int().meta({ description: 'Tenants in which it succeeded in part.' }),
  failedCount: z.int().meta({ description: 'Tenants in which it failed.' }),
  canceledCount: z.int().meta({ description: 'Tenants in which it was canceled, or that were removed.' }),
};

/** What became of one tenant. */
export const memberMembers = {
  tenantId: z.guid().meta({ title: 'Tenant ID' }),
  tenantDisplayName: z.string().optional().meta({ description: 'Absent for a tenant that was removed.' }),
  status: z.enum(publicMemberStatuses).meta({ id: 'TenantStatus' }),
};
