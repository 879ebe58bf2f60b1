/** Finds the function for a request. */
import type { HttpFunction } from './function-app.ts';
import { compileRoute, type RouteParams } from './routes.ts';

export type RouteResult =
  | { readonly kind: 'found'; readonly target: HttpFunction; readonly params: RouteParams }
  | { readonly kind: 'methodNotAllowed'; readonly allowed: readonly string[] }
  | { readonly kind: 'notFound' };

/** Searches functions in alphabetical order, as the Functions host does; HEAD matches like GET. */
export function createRouter(
  functions: readonly HttpFunction[],
  routePrefix: string,
): (method: string, path: string) => RouteResult {
  const routes = functions.map((target) => ({
    target,
    match: compileRoute(`${routePrefix}/${target.trigger.route ?? target.name}`),
  }));
  return (method, path) => {
    const wanted = method === 'HEAD' ? ['HEAD', 'GET'] : [method];
    const allowed = new Set<string>();
    for (const { target, match } of routes) {
      const params = match(path);
      if (params === undefined) continue;
      const { methods } = target.trigger;
      if (methods.some((each) => wanted.includes(each))) return { kind: 'found', target, params };
      for (const each of methods) allowed.add(each);
    }
    return allowed.size > 0 ? { kind: 'methodNotAllowed', allowed: [...allowed] } : { kind: 'notFound' };
  };
}
