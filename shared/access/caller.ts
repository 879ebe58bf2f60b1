/** Somebody who proved who they are. */
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

/** Tells callers apart: all who sign webhooks have one id. */
export function keyOf({ id, tenants }: Caller): string {
  return `${id} ${tenants}`;
}
