/** Records that a destination refuses for good: pointers to them, with the cause. The records stay where they are. */
import * as z from 'zod';
import { storedDate } from '../stored-date.ts';

export const deadLetterSchema = z.object({
  tenantId: z.string(),
  destinationId: z.string(),
  /** Its place in the feed of the tenant. */
  sequence: z.number(),
  line: z.number(),
  recordId: z.string(),
  /** Without content of the record. */
  cause: z.string(),
  refusedDateTime: storedDate,
});
export type DeadLetter = Readonly<z.output<typeof deadLetterSchema>>;

export interface DeadLetterStore {
  /** Replaces those of the same places. */
  put(letters: readonly DeadLetter[]): Promise<void>;
  /** Of all tenants, in order of tenant and place, after a place that an earlier page ended with. */
  list(destinationId: string, limit: number): Promise<readonly DeadLetter[]>;
  remove(letters: readonly DeadLetter[]): Promise<void>;
}
