/** Parameters that many operations take. */
import * as z from 'zod';
import { filterParameters } from '../../query/filters.ts';
import { listParameters } from '../../query/record-query.ts';
import { tenantIdSchema } from '../../tenants/tenant.ts';
import type { DescribedResponse, HeaderName } from '../operation.ts';

/** Makers choose a tenant by its name. */
export const tenantId = tenantIdSchema.meta({
  title: 'Tenant',
  description: 'Id of the tenant.',
  'x-ms-dynamic-values': {
    operationId: 'ListTenants',
    'value-collection': 'value',
    'value-path': 'tenantId',
    'value-title': 'displayName',
  },
  'x-ms-dynamic-list': {
    operationId: 'ListTenants',
    itemsPath: 'value',
    itemValuePath: 'tenantId',
    itemTitlePath: 'displayName',
  },
});

export const ofTenant = z.object({ tenantId });

/** An id in an address. */
export function id(title: string, description: string) {
  return z.string().meta({ title, description });
}

export const searchName = z.string().meta({
  title: 'Search',
  description: 'Name of the saved search: letters, digits, dots, underscores and hyphens.',
  'x-ms-dynamic-values': {
    operationId: 'ListSearches',
    parameters: { tenantId: { parameter: 'tenantId' } },
    'value-collection': 'value',
    'value-path': 'name',
    'value-title': 'name',
  },
  'x-ms-dynamic-list': {
    operationId: 'ListSearches',
    parameters: { tenantId: { parameterReference: 'tenantId' } },
    itemsPath: 'value',
    itemValuePath: 'name',
    itemTitlePath: 'name',
  },
});

const text = z.string();

/** Filters in a body: a text as it would stand in an address, or several. */
export const bodyFilters = filtersAs(z.union([text, z.array(text).min(1)]));

/** The same for makers, who fill in boxes. */
export const makerFilters = filtersAs(text);

function filtersAs(value: z.ZodType): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(filterParameters.shape).map(([name, schema]) => {
        const { title, description } = schema.meta() ?? {};
        return [name, value.optional().meta({ ...(title === undefined ? {} : { title }), description })];
      }),
    ),
  );
}

/** For operations that follow an address that we gave. */
export const token = z
  .string()
  .optional()
  .meta({ description: 'Stands in Location, for who has no key at hand.' });

/** What a caller may add to the filters of a saved search. */
export const pageParameters = listParameters.pick({
  top: true,
  select: true,
  orderby: true,
  skiptoken: true,
});

/** A JSON answer. */
export function json(
  description: string,
  schema: z.ZodType,
  headers: readonly HeaderName[] = [],
): DescribedResponse {
  return { description, schema, headers };
}

export const ifMatch = z.object({
  'If-Match': z
    .string()
    .optional()
    .meta({ description: 'ETag of the version that the change is meant for.' }),
});

export const accepted: readonly HeaderName[] = ['Location', 'Operation-Location', 'Retry-After'];
export const goesOn: readonly HeaderName[] = ['Location', 'Retry-After'];
export const cost: readonly HeaderName[] = [
  'x-auditkeep-requests',
  'x-auditkeep-rows-read',
  'x-auditkeep-duration',
];
