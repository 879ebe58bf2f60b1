/** How far long-running operations have come. */
import * as z from 'zod';
import { operationStatuses } from '../../operations/operation.ts';

export const operationStatus = z.enum(operationStatuses).meta({ id: 'OperationStatus' });
