/** What giving something up requires. */
import * as z from 'zod';

export const reasonSchema = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(1, 'is empty')
    .max(500, 'is longer than 500 characters')
    .meta({ title: 'Reason', description: 'Why it is given up. It is recorded with who did it.' }),
});
