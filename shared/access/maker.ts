/** Who may change what callers have made. */
import { RequestError } from '../errors.ts';
import { holds, type Caller } from './caller.ts';

/**
 * @param createdBy id of the caller that made it; undefined if that is not known
 * @param noun what it is, such as `subscription`
 * @throws RequestError 403 for a caller that neither made it nor manages tenants
 */
export function ensureMayChange(caller: Caller, createdBy: string | undefined, noun: string): void {
  if (caller.id === createdBy || managesTenants(caller)) return;
  const message = `Only its creator may change this ${noun}. Use the same key, or one with the scope tenants.manage.`;
  throw new RequestError(403, 'Forbidden', message);
}

/** Whether the caller answers for everything of the tenants that it may see. */
export function managesTenants(caller: Caller): boolean {
  return holds(caller, 'tenants.manage');
}
