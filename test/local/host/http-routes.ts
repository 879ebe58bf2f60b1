/** Finds the function for a request. */
import type { HttpFunction } from './function-app.ts';
import { compileRoute, type RouteParams } from './routes.ts';

export type RouteResult = { readonly target: HttpFunction; readonly params: RouteParams } | undefined;

/** Searches functions in alphabetical order, as the Functions host does: a method that is not declared does not match. */
export function createRouter(
  functions: readonly HttpFunction[],
  routePrefix: string,
): (method: string, path: string) => RouteResult {
  const routes = functions.map((target) => ({
    target,
    match: compileRoute(`${routePrefix}/${target.trigger.route ?? target.name}`),
  }));
  return (method, path) => {
    for (const { target, match } of routes) {
      const params = target.trigger.methods.includes(method) ? match(path) : undefined;
      if (params !== undefined) return { target, params };
    }
    return undefined;
  };
}
