/** What long-running operations have in common in answers. */
import * as z from 'zod';
import { operationStatuses } from '../../operations/operation.ts';
import { moment } from './times.ts';

export const operationStatus = z.enum(operationStatuses).meta({ id: 'OperationStatus' });

/** The first members of every view. @param title names the ID in forms */
export function identityMembers(title: string) {
  return {
    id: z.guid().meta({ title }),
    tenantId: z.guid().meta({ title: 'Tenant ID' }),
    status: operationStatus,
  };
}

export const historyMembers = {
  createdBy: z.string(),
  createdDateTime: moment('When it was requested.'),
  lastActionDateTime: moment('When work on it last made progress.'),
  completedDateTime: moment('When it was finished.').optional(),
};

export const errorMembers = {
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
};
