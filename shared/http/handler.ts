/** Binds a handler to the operation that it answers. */
import type * as z from 'zod';
import type { Caller } from '../access/caller.ts';
import type { Declaration, Operation, PathNames } from '../api/operation.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import type { Dialect } from './parameters.ts';
import type { Replied, Reply } from './reply.ts';
import type { ApiInvocation, ApiRequest } from './request.ts';

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A file, or what the schema made of JSON. */
type BodyOf<O extends Operation> = O extends { readonly file: object } ? Buffer : OutputOf<O['body']>;

/** Operations on a tenant receive it opened; see {@link ScopedAudience}. */
type TenantOf<O extends Operation> =
  'tenantId' extends PathNames<O['route']>
    ? O['audience'] extends { readonly allTenants: true }
      ? undefined
      : StoredTenant
    : undefined;

/** A request that passed access control, with everything it carries parsed by the schemas of its operation. */
export interface Call<O extends Operation> {
  readonly request: ApiRequest;
  readonly invocation: ApiInvocation;
  readonly caller: O['audience'] extends 'anonymous' ? undefined : Caller;
  /** Whether the caller sees all tenants: of an operation on one tenant, `caller` is limited to that. */
  readonly seesAll: boolean;
  readonly tenant: TenantOf<O>;
  /** Path parameters as sent. */
  readonly path: Readonly<Record<PathNames<O['route']>, string>>;
  readonly query: OutputOf<O['query']>;
  /** How the caller spells parameters; links in the answer follow it. */
  readonly dialect: Dialect;
  readonly body: BodyOf<O>;
  readonly reply: Reply<O['answers']>;
}

/** What the HTTP layer knows of any call before the types of its operation are applied. */
export type AnyCall = Readonly<Record<keyof Call<Operation>, unknown>> & Pick<Call<Operation>, 'request'>;

/** An operation with its handler. */
export interface Bound<Deps, O extends Operation = Operation> {
  readonly operation: O;
  readonly handle: (deps: Deps, call: AnyCall) => Promise<Replied>;
  /** Identifies callers of `signed` operations. */
  readonly identify?: ((deps: Deps, request: ApiRequest) => Promise<Caller>) | undefined;
}

/**
 * @param handle returns what `call.reply` made
 * @param identify for operations whose audience is `signed`
 */
export function handler<Deps, O extends Operation & Declaration>(
  operation: O,
  handle: (deps: Deps, call: Call<O>) => Promise<Replied> | Replied,
  identify?: (deps: Deps, request: ApiRequest) => Promise<Caller>,
): Bound<Deps, O> {
  return {
    operation,
    // The HTTP layer parsed the call by the schemas of this very operation.
    handle: async (deps, call) => await handle(deps, call as Call<O>),
    identify,
  };
}
