/** An authenticated caller. */
import type { Scope } from './api-keys.ts';

export interface Caller {
  /** Id of a client key, `entra:{tenant id}/{object id}`, or `webhook`. */
  readonly id: string;
  /** One tenant's id, or `*`. */
  readonly tenants: string;
  readonly scopes: readonly Scope[];
}

export function maySee(caller: Caller, tenantId: string): boolean {
  return caller.tenants === '*' || caller.tenants === tenantId;
}

/** A unique key for a caller: all senders of signed webhooks share one id. */
export function keyOf({ id, tenants }: Caller): string {
  return `${id} ${tenants}`;
}
