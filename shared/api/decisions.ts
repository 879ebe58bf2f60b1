/** What a decision requires that is recorded with who made it. */
import * as z from 'zod';

/** @param description of the reason */
export function decisionSchema(description: string) {
  return z.strictObject({
    reason: z
      .string()
      .trim()
      .min(1, 'is empty')
      .max(500, 'is longer than 500 characters')
      .meta({ title: 'Reason', description }),
  });
}

/** What giving something up requires. */
export const reasonSchema = decisionSchema('Why it is given up. It is recorded with who did it.');
