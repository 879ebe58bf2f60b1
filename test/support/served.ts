/** Handlers with the whole HTTP layer around them, as the app registers them. */
import type { HttpFunctionOptions } from '@azure/functions';
import { methodsOf } from '../../shared/api/operation.ts';
import type { Bound } from '../../shared/http/handler.ts';
import { serve, type HttpDeps } from '../../shared/http/serve.ts';

/** Options as `functions/main.ts` registers them. */
export function served<Deps extends HttpDeps>(
  deps: Deps,
  bound: Bound<Deps>,
): HttpFunctionOptions & { readonly route: string } {
  const { operation } = bound;
  const { route } = operation;
  return { methods: methodsOf(operation), route, authLevel: 'anonymous', handler: serve(deps, bound) };
}
