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

/** What orders the dead letters of a destination. */
export const letterPlaceSchema = deadLetterSchema.pick({ tenantId: true, sequence: true, line: true });
export type LetterPlace = Readonly<z.output<typeof letterPlaceSchema>>;

export interface DeadLetterStore {
  /** Replaces those of the same places. */
  put(letters: readonly DeadLetter[]): Promise<void>;
  /** Of all tenants, in order of tenant and place. @param after the place that an earlier page ended with */
  list(destinationId: string, limit: number, after?: LetterPlace): Promise<readonly DeadLetter[]>;
  remove(letters: readonly DeadLetter[]): Promise<void>;
}

const lettersAtOnce = 1000;

/** Forgets all dead letters of a destination, page after page; the records stay where they are. */
export async function discardLetters(
  deadLetters: Pick<DeadLetterStore, 'list' | 'remove'>,
  destinationId: string,
): Promise<void> {
  for (;;) {
    const letters = await deadLetters.list(destinationId, lettersAtOnce);
    await deadLetters.remove(letters);
    if (letters.length < lettersAtOnce) return;
  }
}
