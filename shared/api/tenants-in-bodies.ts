/** Sets of tenants as members of a body. */
import * as z from 'zod';
import { allTenants } from '../access/tenant-set.ts';

const maxTerms = 100;

/** The set as it was written; all tenants by default. */
export const tenantsInBody = z
  .string()
  .refine((text) => text.split(',').every((term) => term.trim() !== ''), 'has an empty value')
  .refine((text) => text.split(',').length <= maxTerms, `has more than ${maxTerms} values`)
  .default(allTenants)
  .meta({
    title: 'Tenants',
    description:
      'IDs or domains of tenants, or tags such as tag:gold, separated by commas; an asterisk: all.',
    wire: { type: 'string', default: allTenants },
  });
