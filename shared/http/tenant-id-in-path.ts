/** The tenant in the path of an operation that does not open it. */
import * as z from 'zod';
import { invalidParameter } from '../errors.ts';

/** @throws RequestError 400 when it is not a GUID: domains were resolved before, if a tenant was registered by them */
export function tenantIdIn({ tenantId }: { readonly tenantId: string }): string {
  const id = z.guid().toLowerCase().safeParse(tenantId).data;
  if (id !== undefined) return id;
  throw invalidParameter(
    'tenantId',
    "'tenantId' must be a GUID, or the domain that a tenant was registered by.",
  );
}
