/** Sets of tenants as members of a body. */
import * as z from 'zod';
import { listSchema } from '../http/parameters.ts';
import { tenantsMeaning } from '../query/record-query.ts';

/** One text as in a query, or a list. */
export const tenantsInBody = z
  .union([z.string(), z.array(z.string())], 'must be a string or a list of strings')
  .transform((given) => [given].flat())
  .pipe(listSchema)
  .meta({
    ...tenantsMeaning,
    wire: { type: 'array', items: { type: 'string' }, minItems: 1 },
  });

/** The same for makers of flows, who fill in a text box. */
export const tenantsOfMaker = z.string().meta(tenantsMeaning);
