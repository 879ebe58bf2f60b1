/** Whether something sends to its receiver now. */
import * as z from 'zod';
import { destinationStates } from '../../destinations/public-destination.ts';

export const sendingStatus = z.enum(destinationStates).meta({
  id: 'SendingStatus',
  description: 'Whether it sends to its receiver now. Nothing is lost while it does not.',
});
