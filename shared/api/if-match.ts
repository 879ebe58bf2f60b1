/** The header for conditional changes. */
import * as z from 'zod';

export const ifMatch = {
  'If-Match': z.string().optional().meta({ description: 'ETag of the version that the change is based on.' }),
};
