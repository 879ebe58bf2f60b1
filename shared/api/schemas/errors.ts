/** Errors as they are answered. */
import * as z from 'zod';

const detail = z
  .strictObject({
    code: z.string().optional(),
    message: z.string().optional(),
    target: z.string().optional(),
  })
  .meta({ id: 'ErrorDetail' });

export const errorSchema = z
  .strictObject({
    error: z
      .strictObject({
        code: z.string().meta({ description: 'Stable, for programs.' }),
        message: z.string().meta({
          description: 'What is wrong and what to do about it, for people.',
          'x-ms-primary-error-message': true,
        }),
        target: z.string().optional().meta({ description: 'The parameter, header or member that is meant.' }),
        details: z.array(detail).optional(),
      })
      .meta({ id: 'ErrorBody' }),
  })
  .meta({ id: 'Error' });

/** The same as a problem. @see https://www.rfc-editor.org/rfc/rfc9457 */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    target: z.string().optional(),
    details: z.array(detail).optional(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' });
